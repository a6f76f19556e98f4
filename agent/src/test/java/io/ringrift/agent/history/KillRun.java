package io.ringrift.agent.history;

import io.ringrift.agent.history.StateClient.Outcome;
import io.ringrift.agent.process.AgentProcess;
import io.ringrift.agent.process.FreePorts;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills the leader of three voters again and again while clients write: how soon another is elected, may act, and has taken a write; and whether
 * anything that was acknowledged is gone. {@code bench/run kills} starts it.
 */
final class KillRun {
    private static final int VOTERS = 3;
    private static final int WRITERS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** The agents share their cores with this program: looking every two milliseconds made 309 ms of 187 at the median. */
    private static final long LOOK = 10_000_000;

    /** An election that is worth an explanation. */
    private static final double SLOW_MILLIS = 300;

    private final SplittableRandom random;
    private final List<AgentProcess> agents = new ArrayList<>();
    private final List<Double> elected = new ArrayList<>();
    private final List<Double> ready = new ArrayList<>();
    private final List<Double> written = new ArrayList<>();
    private final List<Double> hiccups = new ArrayList<>();
    private final Map<String, String> acknowledged = new LinkedHashMap<>();
    private int unknown;
    private int lost;
    private long checked;

    private KillRun(long seed, Path root) throws IOException {
        random = new SplittableRandom(seed);
        List<Integer> ports = FreePorts.take(3 * VOTERS);
        String peers = "";
        for (int i = 0; i < VOTERS; i++) {
            peers += (i == 0 ? "" : ",") + "n-" + i + "=127.0.0.1:" + ports.get(3 * i);
        }
        for (int i = 0; i < VOTERS; i++) {
            Path directory = Files.createDirectories(root.resolve("n-" + i));
            Map<String, String> environment = new LinkedHashMap<>();
            environment.put("RINGRIFT_NODE_ID", "n-" + i);
            environment.put("RINGRIFT_CLUSTER_NAME", "kills");
            environment.put("RINGRIFT_BIND_ADDR", "127.0.0.1");
            environment.put("RINGRIFT_P2P_PORT", ports.get(3 * i).toString());
            environment.put("RINGRIFT_SWIM_PORT", ports.get(3 * i + 1).toString());
            environment.put("RINGRIFT_RAFT_PORT", ports.get(3 * i + 2).toString());
            environment.put("RINGRIFT_PEERS", peers);
            environment.put("RINGRIFT_DATA_DIR", directory.resolve("data").toString());
            environment.put("RINGRIFT_CLUSTER_AUTH_TOKEN", HistoryCluster.TOKEN);
            environment.put("RINGRIFT_MEMBERSHIP_MODE", "swim");
            environment.put("RINGRIFT_CONSENSUS_MODE", "raft");
            environment.put("RAFT_VOTERS", "n-0,n-1,n-2");
            agents.add(new AgentProcess("n-" + i, List.of(), "127.0.0.1", ports.get(3 * i), directory, environment));
        }
    }

    /** Arguments: {@code --count N}, {@code --seed N}. Ends with 1 where an acknowledged write was lost. */
    public static void main(String[] arguments) throws Exception {
        int count = 200;
        long seed = System.nanoTime() % 1_000_000;
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            switch (arguments[i]) {
                case "--count" -> count = Integer.parseInt(arguments[i + 1]);
                case "--seed" -> seed = Long.parseLong(arguments[i + 1]);
                default -> throw new IllegalArgumentException(arguments[i] + ": allowed are --count and --seed");
            }
        }
        Path root = Files.createTempDirectory("ringrift-kills");
        KillRun run = new KillRun(seed, root);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> run.agents.forEach(AgentProcess::close)));
        System.out.printf(
                "seed %d, %d kills of the leader of %d voters, %d writers, logs in %s%n",
                seed, count, VOTERS, WRITERS, root);
        System.exit(run.run(count) ? 0 : 1);
    }

    private boolean run(int count) {
        agents.forEach(AgentProcess::start);
        try (HiccupMeter meter = new HiccupMeter()) {
            for (int i = 0; i < count; i++) {
                AgentProcess leader = awaitWhole();
                meter.take();
                kill(leader, i);
                meter.take().forEach(late -> hiccups.add(late / 1e6));
                leader.start();
            }
        }
        awaitWhole();
        readBack();
        System.out.println("| ms after kill -9 | p50 | p90 | p99 | max | n |\n|---|---|---|---|---|---|");
        row("another is elected", elected);
        row("it may act", ready);
        row("first write", written);
        row("a thread that asked for 1 ms woke late by", hiccups);
        System.out.printf(
                "%d acknowledged writes read back, %d lost; %d writes with an unknown outcome%n",
                checked, lost, unknown);
        return lost == 0;
    }

    /** The leader, once all three name it and have applied the same. */
    private AgentProcess awaitWhole() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<JsonObject> said =
                    agents.getFirst().get("/leader").filter(leader -> leader.getString("leader") != null);
            if (said.isPresent() && follow(said.get())) {
                return agents.stream()
                        .filter(agent -> agent.nodeId().equals(said.get().getString("leader")))
                        .findFirst()
                        .orElseThrow();
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not whole within " + PATIENCE);
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    private boolean follow(JsonObject leader) {
        List<Long> applied = agents.stream()
                .filter(agent -> agent.get("/leader")
                        .filter(said -> leader.getLong("epoch").equals(said.getLong("epoch")))
                        .isPresent())
                .flatMap(agent -> agent.get("/raft/status").stream())
                .filter(raft -> leader.getString("leader").equals(raft.getString("leader")))
                .flatMap(raft -> Optional.ofNullable(raft.getLong("applied_index")).stream())
                .toList();
        return applied.size() == VOTERS && Set.copyOf(applied).size() == 1;
    }

    private void kill(AgentProcess leader, int round) {
        long epoch = leader.get("/leader").orElseThrow().getLong("epoch");
        List<AgentProcess> rest =
                agents.stream().filter(agent -> agent != leader).toList();
        AtomicBoolean ended = new AtomicBoolean();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            String name = "r" + round + ".w" + i;
            StateClient client = new StateClient(agents, random.split());
            writers.add(Thread.ofPlatform().start(() -> write(client, name, ended)));
        }
        LockSupport.parkNanos((100 + random.nextInt(400)) * 1_000_000L);
        Instant at = Instant.now();
        long from = System.nanoTime();
        leader.kill();
        Thread first = Thread.ofPlatform().start(() -> firstWrite(rest, round, from));
        boolean seen = false;
        while (true) {
            if (!seen && rest.stream().anyMatch(agent -> isElected(agent, leader.nodeId()))) {
                seen = true;
                elected.add((System.nanoTime() - from) / 1e6);
            }
            if (rest.stream().anyMatch(agent -> acts(agent, epoch))) {
                ready.add((System.nanoTime() - from) / 1e6);
                if (!seen) {
                    elected.add(ready.getLast());
                }
                break;
            }
            LockSupport.parkNanos(LOOK);
        }
        join(first);
        explain(round, leader, at);
        ended.set(true);
        writers.forEach(KillRun::join);
    }

    /** Where to look in the agents' logs, which stay. */
    private void explain(int round, AgentProcess killed, Instant at) {
        if (elected.getLast() > SLOW_MILLIS) {
            System.out.printf(
                    "slow: round %d, %s killed at %s, another elected after %.0f ms, acts after %.0f, first write after %.0f%n",
                    round, killed.nodeId(), at, elected.getLast(), ready.getLast(), written.getLast());
        }
    }

    private static boolean isElected(AgentProcess agent, String former) {
        return agent.get("/raft/status")
                .map(raft -> raft.getString("leader"))
                .filter(leader -> !leader.equals(former))
                .isPresent();
    }

    private static boolean acts(AgentProcess agent, long epoch) {
        return agent.get("/leader")
                .filter(leader -> leader.getBoolean("is_self") && leader.getLong("epoch") > epoch)
                .isPresent();
    }

    private void firstWrite(List<AgentProcess> rest, int round, long from) {
        StateClient client = new StateClient(rest, new SplittableRandom(round));
        for (int attempt = 0; ; attempt++) {
            String value = "first" + attempt;
            if (put(client, "r" + round + ".first", value) instanceof Outcome.Answered) {
                synchronized (acknowledged) {
                    written.add((System.nanoTime() - from) / 1e6);
                    acknowledged.put("r" + round + ".first", value);
                }
                return;
            }
            LockSupport.parkNanos(LOOK);
        }
    }

    /** Every write has a key of its own, so that none can be hidden by a later one. */
    private void write(StateClient client, String name, AtomicBoolean ended) {
        for (int i = 0; !ended.get(); i++) {
            String key = name + "." + i;
            Outcome outcome = put(client, key, "v" + i);
            synchronized (acknowledged) {
                switch (outcome) {
                    case Outcome.Answered(int status, JsonObject _)
                    when status == 200 -> acknowledged.put(key, "v" + i);
                    case Outcome.Answered(int status, JsonObject body) ->
                        throw new IllegalStateException("PUT " + key + ": " + status + " " + body);
                    case Outcome.NotDone _ -> {}
                    case Outcome.Unknown _ -> unknown++;
                }
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static Outcome put(StateClient client, String key, String value) {
        return client.once(
                "PUT", "/kv/" + key, new JsonObject().put("value", value).encode());
    }

    private void readBack() {
        StateClient client = new StateClient(agents, random.split());
        acknowledged.forEach((key, value) -> {
            Outcome outcome = client.untilAnswered("/kv/" + key);
            boolean there = outcome instanceof Outcome.Answered(int status, JsonObject body)
                    && status == 200
                    && value.equals(body.getString("value"));
            checked++;
            if (!there) {
                lost++;
                System.out.println("lost: " + key + " = " + value + ", now " + outcome);
            }
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void row(String name, List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        System.out.printf(
                "| %s | %.0f | %.0f | %.0f | %.0f | %d |%n",
                name, at(sorted, 50), at(sorted, 90), at(sorted, 99), at(sorted, 100), sorted.length);
    }

    private static double at(double[] sorted, int percent) {
        return sorted[Math.max(0, (sorted.length * percent + 99) / 100 - 1)];
    }
}
