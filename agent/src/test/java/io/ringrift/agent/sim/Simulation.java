package io.ringrift.agent.sim;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.AgentConfig.Peer;
import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.bully.Remembered;
import io.ringrift.agent.consensus.raft.RaftOrder;
import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.coordinator.Boot;
import io.ringrift.agent.coordinator.Effect;
import io.ringrift.agent.coordinator.HybridCoordinator;
import io.ringrift.agent.coordinator.Message;
import io.ringrift.agent.membership.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A cluster of coordinators in virtual time: latency, loss, cuts in either direction, pauses, crashes, restarts with and without
 * the promise's file, disks that refuse, clocks of different speed. One seed gives one run, event for event.
 */
public final class Simulation {
    private static final ConfigStatus STATUS = new ConfigStatus(OptionalLong.empty(), Optional.empty());
    private static final int PORT = 8770;
    private static final long HAND_OVER = Duration.ofMillis(500).toNanos();

    public final long seed;
    public final SplittableRandom random;
    public final List<Node> nodes = new ArrayList<>();
    public final boolean[][] cut;
    public double loss;
    /** Some messages are slow: one in so many. */
    public int slowOneIn = 50;
    /** The nodes' Raft peers; none runs where the configuration wants none. */
    final SimRaft raft;
    /** Changes a node's configuration before it starts. */
    public BiFunction<Node, Configs, Configs> settings = (node, config) -> config;
    /** Called after every event with the node it happened at. */
    public Consumer<Node> check = node -> {};

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private long now;
    private long order;
    private long trace = 0xcbf29ce484222325L;

    private record Event(long at, long order, Runnable action) {}

    /** One machine. What stays when its process dies is here, the process is {@link #core}. */
    public final class Node {
        public final int index;
        public final String id;
        public final double clockSpeed;
        public HybridCoordinator core;
        public long instance;
        public Remembered stored = Remembered.NOTHING;
        public boolean raftOnly;
        public boolean diskRefuses;
        private long bootedAt;
        private long frozenUntil;
        private int addresses;
        private long ticket;
        private long exchange;
        private final Map<Long, Consumer<Message>> exchanges = new HashMap<>();

        private Node(int index, double clockSpeed) {
            this.index = index;
            this.id = "node-" + index;
            this.clockSpeed = clockSpeed;
        }

        public boolean runs() {
            return core != null;
        }

        public boolean isFrozen() {
            return frozenUntil > now;
        }

        public Duration clock() {
            return Duration.ofNanos((long) ((now - bootedAt) * clockSpeed));
        }

        /** The epoch it leads under at this very moment, as far as the members' promises go; 0 for none. */
        public long leads() {
            return runs() && core.leaseEnd(clock()).isPresent() ? leadership().epoch() : 0;
        }

        /** The epoch under which it may act at this very moment: by its lease among the members, or among Raft's voters; 0 for none. */
        long acts() {
            long byRaft = raft.acts(this);
            return byRaft == 0 && leads() > 0 && leadership().source().equals(Optional.of(Leadership.Source.BULLY))
                    ? leads()
                    : byRaft;
        }

        public Leadership leadership() {
            return core.leadership(clock());
        }

        private String host() {
            return "10." + index + ".0." + addresses;
        }
    }

    public Simulation(long seed, int size) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.cut = new boolean[size][size];
        for (int i = 0; i < size; i++) {
            nodes.add(new Node(i, 0.97 + random.nextDouble() * 0.06));
        }
        this.raft = new SimRaft(this, random.split());
    }

    long nanos() {
        return now;
    }

    public Duration now() {
        return Duration.ofNanos(now);
    }

    /** Equal for two runs exactly when the same things happened in the same order. */
    public long trace() {
        return trace;
    }

    public void after(Duration delay, Runnable action) {
        events.add(new Event(now + delay.toNanos(), order++, action));
    }

    public void runFor(Duration time) {
        long end = now + time.toNanos();
        while (!events.isEmpty() && events.peek().at <= end) {
            Event event = events.poll();
            now = event.at;
            raft.touch();
            event.action.run();
        }
        now = end;
    }

    /** Starts a process, with the promise's file as it is. */
    public void start(Node node, boolean newAddress) {
        node.bootedAt = now;
        node.instance = random.nextLong();
        node.frozenUntil = 0;
        node.addresses += newAddress ? 1 : 0;
        node.exchanges.clear();
        Boot boot = new Boot(node.instance, 1_000_000 + now / 1_000_000, node.stored, node.raftOnly);
        node.core = new HybridCoordinator(boot, config(node), STATUS, new SwimOff(), random.split(), node.clock());
        note(node, "start");
        apply(node, node.core.tick(node.clock()));
    }

    /** Hands a running node the configuration that {@link #settings} gives now. */
    public void reconfigure(Node node) {
        apply(node, node.core.configure(config(node), STATUS, node.clock()));
    }

    public void crash(Node node) {
        note(node, "crash");
        raft.crash(node);
        node.core = null;
        node.ticket++;
    }

    /** Has a process make room for another leader; it goes on. */
    public void drain(Node node) {
        note(node, "drain");
        apply(node, node.core.retire(node.clock()));
    }

    /** Ends a process in good order, after a moment for the hand-over where it leads by Raft. */
    public void leave(Node node, Runnable afterwards) {
        note(node, "leave");
        apply(node, node.core.retire(node.clock()));
        Duration handOver = node.core.leadsRaft() ? Duration.ofNanos(random.nextLong(HAND_OVER)) : Duration.ZERO;
        input(node, handOver, () -> {
            apply(node, node.core.leave(node.clock()));
            crash(node);
            afterwards.run();
        });
    }

    public void freeze(Node node, Duration time) {
        note(node, "freeze");
        node.frozenUntil = now + time.toNanos();
    }

    public void thaw(Node node) {
        node.frozenUntil = now;
    }

    public AgentConfig config(Node node) {
        List<Peer> peers = new ArrayList<>();
        for (Node other : nodes) {
            if (other != node) {
                peers.add(new Peer.Named(other.id, other.id, OptionalInt.of(PORT)));
            }
        }
        Configs config = Configs.of(node.id)
                .host(Optional.of(node.host()))
                .peers(peers)
                .http(Duration.ofSeconds(2), Duration.ofSeconds(6), Duration.ofSeconds(10));
        return settings.apply(node, config).build();
    }

    /** Whether two nodes hear each other. */
    public boolean connected(Node a, Node b) {
        return a == b || !cut[a.index][b.index] && !cut[b.index][a.index];
    }

    /** An input to the run that is there now; a frozen process takes it when it thaws, a dead one never. */
    void input(Node node, Duration delay, Runnable action) {
        long instance = node.instance;
        after(delay, () -> {
            if (!node.runs() || node.instance != instance) {
                return;
            }
            if (node.isFrozen()) {
                input(node, Duration.ofNanos(node.frozenUntil - now), action);
                return;
            }
            action.run();
        });
    }

    /** At once, or when a frozen process wakes; never where that one has died. */
    void whenAwake(Node node, Runnable action) {
        input(node, Duration.ZERO, action);
    }

    /** What a node's Raft peer said reaches its core. */
    void report(Node node, Duration delay, RaftReport report) {
        input(node, delay, () -> apply(node, node.core.raft(report, node.clock())));
    }

    private void apply(Node node, List<Effect> effects) {
        effects.forEach(effect -> carryOut(node, effect));
        if (node.runs()) {
            schedule(node);
            check.accept(node);
        }
    }

    private void schedule(Node node) {
        long ticket = ++node.ticket;
        Duration wait = node.core.nextDeadline().minus(node.clock());
        long real = (long) (wait.toNanos() / node.clockSpeed);
        input(node, Duration.ofNanos(Math.max(1_000_000, real + 1)), () -> {
            if (node.ticket == ticket) {
                apply(node, node.core.tick(node.clock()));
            }
        });
    }

    private void carryOut(Node node, Effect effect) {
        switch (effect) {
            case Effect.Send send -> send(node, send);
            case Effect.Reply(long exchange, Message message) -> {
                Consumer<Message> waiting = node.exchanges.remove(exchange);
                if (waiting != null) {
                    waiting.accept(message);
                }
            }
            case Effect.Drop drop -> node.exchanges.remove(drop.exchange());
            case Effect.Persist(Remembered promise) -> persist(node, promise);
            case Effect.Seeds _ -> {}
            case Effect.PersistRaftOnly(boolean raftOnly) -> persist(node, raftOnly);
            case Effect.Resolve(String host) -> resolve(node, host);
            case Effect.Raft(RaftOrder order) -> raft.carryOut(node, order);
            case Effect.Emit emit -> note(node, emit.event().toString());
            case Effect.Complain(String sentence) -> note(node, sentence);
        }
    }

    /** Every name stands for all nodes that run, as a headless service does. */
    private void resolve(Node node, String host) {
        List<String> found = nodes.stream().filter(Node::runs).map(Node::host).toList();
        input(node, latency(), () -> apply(node, node.core.resolved(host, found, node.clock())));
    }

    private void persist(Node node, boolean raftOnly) {
        write(
                node,
                () -> node.raftOnly = raftOnly,
                durable -> node.core.raftOnlyPersisted(raftOnly, durable, node.clock()));
    }

    private void persist(Node node, Remembered promise) {
        write(
                node,
                () -> node.stored = node.stored.and(promise),
                durable -> node.core.persisted(promise.epoch(), durable, node.clock()));
    }

    private void write(Node node, Runnable store, Function<Boolean, List<Effect>> answer) {
        input(node, Duration.ofNanos(100_000 + random.nextLong(20_000_000)), () -> {
            boolean durable = !node.diskRefuses;
            if (durable) {
                store.run();
            }
            apply(node, answer.apply(durable));
        });
    }

    private void send(Node from, Effect.Send send) {
        Optional<Node> to = at(send.to());
        if (to.isEmpty() || lost(from, to.get())) {
            return;
        }
        long answerBy = now + send.timeout().toNanos();
        Node receiver = to.get();
        input(receiver, latency(), () -> {
            long exchange = ++receiver.exchange;
            receiver.exchanges.put(exchange, answer -> answer(receiver, from, send, answer, answerBy));
            apply(receiver, receiver.core.receive(exchange, send.message(), from.host(), receiver.clock()));
        });
    }

    private void answer(Node from, Node to, Effect.Send sent, Message answer, long answerBy) {
        if (lost(from, to)) {
            return;
        }
        input(to, latency(), () -> {
            // A frozen sender finds the answer in its socket when it wakes, however late.
            if (now <= answerBy || to.frozenUntil >= answerBy) {
                apply(to, to.core.answered(sent, answer, to.clock()));
            }
        });
    }

    /** A name leads to the machine, a literal address only as long as the machine has it. */
    private Optional<Node> at(Address address) {
        return nodes.stream()
                .filter(node -> address.host().equals(node.id) || address.host().equals(node.host()))
                .filter(Node::runs)
                .findFirst();
    }

    private boolean lost(Node from, Node to) {
        return cut[from.index][to.index] || random.nextDouble() < loss;
    }

    private Duration latency() {
        long micros = 200 + random.nextLong(5_000);
        if (random.nextInt(slowOneIn) == 0) {
            micros += random.nextLong(1_500_000);
        }
        return Duration.ofNanos(micros * 1_000);
    }

    private void note(Node node, String what) {
        String line = now + " " + node.id + " " + what;
        if (Boolean.getBoolean("ringrift.sim.trace")) {
            System.out.println(line);
        }
        for (int i = 0; i < line.length(); i++) {
            trace = (trace ^ line.charAt(i)) * 0x100000001b3L;
        }
    }
}
