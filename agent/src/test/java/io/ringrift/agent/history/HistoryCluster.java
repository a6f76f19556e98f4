package io.ringrift.agent.history;

import io.ringrift.agent.process.AgentProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Agents as processes, each in a network of its own, whose stage can be changed while they run. The first three vote. */
final class HistoryCluster implements AutoCloseable {
    static final String TOKEN = "a-credential-for-histories";
    private static final int VOTERS = 3;
    private static final int PORT = 8770;
    /** How long after a partition has healed it may take until the leader of one side has made room. */
    private static final long MEETING = 20_000_000_000L;

    private final List<AgentProcess> agents = new ArrayList<>();
    private final Map<AgentProcess, NodeClock> clocks = new LinkedHashMap<>();
    private final AtomicLong wipes = new AtomicLong();
    private final Map<AgentProcess, Long> acknowledged = new LinkedHashMap<>();
    private long generation = 1;
    private int stage = 4;
    private volatile Set<AgentProcess> leftBehind = Set.of();
    private volatile long metAt = System.nanoTime();

    HistoryCluster(Path root, int size, Namespaces networks) {
        String peers = IntStream.range(0, size)
                .mapToObj(i -> "n-" + i + "=" + Namespaces.host(i) + ":" + PORT)
                .collect(Collectors.joining(","));
        for (int i = 0; i < size; i++) {
            Path directory = root.resolve("n-" + i);
            Map<String, String> environment = new LinkedHashMap<>(modes(stage));
            environment.put("RINGRIFT_NODE_ID", "n-" + i);
            environment.put("RINGRIFT_CLUSTER_NAME", "histories");
            environment.put("RINGRIFT_ADVERTISE_HOST", Namespaces.host(i));
            environment.put("RINGRIFT_PEERS", peers);
            environment.put("RINGRIFT_CLUSTER_AUTH_TOKEN", TOKEN);
            environment.put("RINGRIFT_DATA_DIR", directory.resolve("data").toString());
            environment.put(
                    "RAFT_VOTERS",
                    IntStream.range(0, VOTERS).mapToObj(v -> "n-" + v).collect(Collectors.joining(",")));
            try {
                Files.createDirectories(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            NodeClock clock = new NodeClock(directory);
            clock.set(Duration.ZERO);
            environment.putAll(clock.environment());
            AgentProcess agent =
                    new AgentProcess("n-" + i, networks.within(i), Namespaces.host(i), PORT, directory, environment);
            agents.add(agent);
            clocks.put(agent, clock);
        }
    }

    private static Map<String, String> modes(int stage) {
        return Map.of(
                "RINGRIFT_SWIM_ENABLED",
                "true",
                "RINGRIFT_MEMBERSHIP_MODE",
                "swim",
                "RINGRIFT_RAFT_ENABLED",
                Boolean.toString(stage > 2),
                "RINGRIFT_CONSENSUS_MODE",
                stage == 2 ? "bully" : stage == 3 ? "hybrid" : "raft");
    }

    List<AgentProcess> agents() {
        return agents;
    }

    List<AgentProcess> voters() {
        return agents.subList(0, VOTERS);
    }

    void start() {
        agents.forEach(AgentProcess::start);
    }

    /** Sets the clock of an agent's node, until {@link #restart} sets it right. */
    void setClock(AgentProcess agent, Duration ahead) {
        clocks.get(agent).set(ahead);
    }

    /** Starts an agent again, with a clock that is right: after all were down the first leader's counts. It is told the stage that is wanted now. */
    void restart(AgentProcess agent) {
        setClock(agent, Duration.ZERO);
        synchronized (acknowledged) {
            acknowledged.remove(agent);
        }
        agent.start();
    }

    /** The disk is lost while the agent does not run. */
    void wipe(AgentProcess agent) {
        wipes.incrementAndGet();
        try (var files = Files.walk(agent.directory().resolve("data"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often any disk was lost; what agents remember of epochs counts from there. */
    long wipes() {
        return wipes.get();
    }

    int stage() {
        synchronized (acknowledged) {
            return stage;
        }
    }

    void stage(int wanted) {
        synchronized (acknowledged) {
            stage = wanted;
            generation++;
        }
    }

    /** Until {@link #reachAll} these hear of no other stage, so two may lead, under epochs of their own. */
    void leaveBehind(Set<AgentProcess> some) {
        leftBehind = some;
    }

    void reachAll() {
        metAt = System.nanoTime() + MEETING;
        leftBehind = Set.of();
    }

    boolean mayBeTwo() {
        return !leftBehind.isEmpty() || System.nanoTime() - metAt < 0;
    }

    /** Hands the wanted stage to every agent that has not acknowledged it; call it often. */
    void push() {
        for (AgentProcess agent : agents) {
            long wanted;
            JsonObject keys = new JsonObject();
            synchronized (acknowledged) {
                wanted = generation;
                if (wanted == 1
                        || !agent.alive()
                        || leftBehind.contains(agent)
                        || acknowledged.getOrDefault(agent, 0L) == wanted) {
                    continue;
                }
                modes(stage).forEach(keys::put);
            }
            keys.put("RINGRIFT_CONFIG_GENERATION", Long.toString(wanted));
            String document =
                    new JsonObject().put("generation", wanted).put("keys", keys).encode();
            if (agent.code("PUT", "/config", document, "Authorization", "Bearer " + TOKEN) == 200) {
                synchronized (acknowledged) {
                    acknowledged.put(agent, wanted);
                }
            }
        }
    }

    /** Has that agent make room for another leader, if it answers. */
    void drain(AgentProcess agent) {
        agent.code("POST", "/drain", "", "Authorization", "Bearer " + TOKEN);
    }

    /** The agent that leads, if any that answers says so of itself. */
    Optional<AgentProcess> leader() {
        return leader(agents);
    }

    static Optional<AgentProcess> leader(List<AgentProcess> among) {
        return among.stream()
                .filter(AgentProcess::alive)
                .filter(agent -> agent.get("/leader")
                        .filter(answer -> answer.getBoolean("is_self"))
                        .isPresent())
                .findFirst();
    }

    /** Every voter votes, so that one may lose its disk. */
    boolean isWhole() {
        return voters().stream()
                .allMatch(voter -> voter.alive()
                        && voter.get("/raft/status")
                                .filter(raft -> raft.getBoolean("raft_available"))
                                .filter(raft -> List.of("leader", "follower").contains(raft.getString("role")))
                                .isPresent());
    }

    @Override
    public void close() {
        agents.forEach(AgentProcess::close);
    }
}
