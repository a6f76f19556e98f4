package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.swim.SwimEffect.MemberChanged;
import io.ringrift.agent.security.GossipKeyring;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A cluster in one thread: the product's own core and codec on a network, with clocks and processes that misbehave by plan. Everything
 * follows from the seed.
 */
final class Simulation {
    static final String CLUSTER = "default/demo";
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;

    final SplittableRandom random;
    final List<SimNode> nodes = new ArrayList<>();
    final Invariants invariants = new Invariants(this);
    final List<Change> changes = new ArrayList<>();
    private final TimeQueue<Runnable> events = new TimeQueue<>();
    /** By the last three bytes of the address; there are no others. */
    private SimNode[] byAddress = new SimNode[16];

    private final long seed;
    /** Empty: packets are not sealed. */
    Optional<GossipKeyring> keyring = Optional.empty();
    /** Share of the datagrams that somebody records and sends again later. */
    double replay;

    SwimSettings settings = Profiles.DEFAULT;
    long minLatency = MILLI / 5;
    long maxLatency = MILLI;
    double loss;
    double duplication;
    /** From, to: whether packets on that way are lost. */
    BiPredicate<SimNode, SimNode> cut = (from, to) -> false;
    /** The same for datagrams alone; TCP still gets through. */
    BiPredicate<SimNode, SimNode> udpCut = (from, to) -> false;
    /** The command that runs this very scenario again; empty where a test made it by hand. */
    String command = "";
    /** Who reads every fault and every change of a view, if anybody. */
    Optional<Consumer<String>> trace = Optional.empty();
    /** Whether changes are kept and I7 is looked at: with thousands of members both cost more than the protocol itself. */
    boolean thorough = true;

    private long now;
    private long traceHash;
    private int largestDatagram;
    private long processed;

    /** A change in one member's view. */
    record Change(long at, SimNode viewer, MemberChanged event) {}

    Simulation(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** Says what happens, to whoever traces this run. */
    void note(Supplier<String> what) {
        trace.ifPresent(reader -> reader.accept(String.format("%10.3f s  %s", now / 1e9, what.get())));
    }

    long seed() {
        return seed;
    }

    /** What went wrong, with everything that is needed to see it again. */
    AssertionError failure(String what) {
        return new AssertionError("seed " + seed + " at " + now / MILLI + " ms: " + what
                + (command.isEmpty() ? "" : "\nsee it again with: " + command));
    }

    long now() {
        return now;
    }

    /** Depends on every packet that arrived, its time and its bytes. */
    long traceHash() {
        return traceHash;
    }

    long processed() {
        return processed;
    }

    SimNode add(String nodeId) {
        return add(CLUSTER, nodeId);
    }

    SimNode add(String clusterName, String nodeId) {
        SimNode node = new SimNode(this, clusterName, nodeId, Endpoint.ofIpv4(0x0A00_0000 + nodes.size() + 1, 7947));
        nodes.add(node);
        address(node.address(), node);
        return node;
    }

    /** A cluster that has been up for long: everybody knows everybody. */
    List<SimNode> established(int count) {
        List<SimNode> added = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            added.add(add("node-" + nodes.size()));
        }
        added.forEach(SimNode::boot);
        List<MemberRecord> records = new ArrayList<>();
        added.forEach(node -> records.add(node.core().self()));
        records.sort((a, b) -> Long.compareUnsigned(a.instance(), b.instance()));
        for (SimNode node : added) {
            node.core().preload(records);
        }
        return added;
    }

    void address(Endpoint address, SimNode holder) {
        int host = host(address);
        if (host >= byAddress.length) {
            byAddress = Arrays.copyOf(byAddress, Math.max(host + 1, 2 * byAddress.length));
        }
        byAddress[host] = holder;
    }

    void at(long time, Runnable action) {
        events.add(Math.max(now, time), action);
    }

    void in(long delay, Runnable action) {
        at(now + delay, action);
    }

    void runFor(long duration) {
        runUntil(now + duration);
    }

    void runUntil(long end) {
        while (events.size() > 0 && events.firstTime() <= end) {
            now = events.firstTime();
            processed++;
            events.poll().run();
        }
        now = end;
    }

    /** Runs until the condition holds, looking every 10 ms; fails with the seed when it does not in time. Returns how long it took. */
    long until(String what, long limit, java.util.function.BooleanSupplier condition) {
        long start = now;
        while (!condition.getAsBoolean()) {
            if (now - start > limit) {
                throw failure("not within " + Duration.ofNanos(limit) + ": " + what);
            }
            runFor(10 * MILLI);
        }
        return now - start;
    }

    int largestDatagram() {
        return largestDatagram;
    }

    void send(SimNode from, Endpoint to, byte[] packet) {
        largestDatagram = Math.max(largestDatagram, packet.length);
        long latency = latency();
        boolean lost = loss > 0 && random.nextDouble() < loss;
        if (!lost) {
            in(latency, () -> arrive(from, to, packet));
        }
        if (duplication > 0 && random.nextDouble() < duplication) {
            in(latency(), () -> arrive(from, to, packet));
        }
        if (replay > 0 && random.nextDouble() < replay) {
            in(random.nextLong(30 * SECOND), () -> arrive(from, to, packet));
        }
    }

    private void arrive(SimNode from, Endpoint to, byte[] packet) {
        SimNode target = at(to);
        if (target == null || !target.up() || cut.test(from, target) || udpCut.test(from, target)) {
            return;
        }
        traceHash = (traceHash ^ now ^ to.low() ^ Arrays.hashCode(packet)) * 0x9E37_79B9_7F4A_7C15L;
        target.deliver(from.address(), packet);
    }

    /** A connection over TCP: who answers at an address, or why nobody does. */
    TcpOutcome connect(SimNode from, Endpoint http, long instance) {
        SimNode target = at(http);
        if (target == null || cut.test(from, target) || cut.test(target, from) || target.frozen() || target.blocked()) {
            return TcpOutcome.SILENT;
        }
        if (!target.up()) {
            return target.refuses() ? TcpOutcome.REFUSED : TcpOutcome.SILENT;
        }
        return target.tcpShut()
                ? TcpOutcome.SILENT
                : target.core().self().instance() == instance ? TcpOutcome.ANSWERED : TcpOutcome.OTHER_INSTANCE;
    }

    /** Who has an address, whatever the port. */
    SimNode at(Endpoint endpoint) {
        int host = host(endpoint);
        return host < byAddress.length ? byAddress[host] : null;
    }

    private static int host(Endpoint endpoint) {
        return (int) endpoint.low() & 0xFF_FFFF;
    }

    long latency() {
        return minLatency + (maxLatency > minLatency ? random.nextLong(maxLatency - minLatency) : 0);
    }

    void changed(SimNode viewer, MemberChanged event) {
        note(() -> viewer.clusterName() + " " + viewer + " holds "
                + event.member().nodeId() + " " + event.member().state() + " (" + event.change() + "): "
                + event.reason());
        invariants.observe(viewer, event);
        if (thorough) {
            changes.add(new Change(now, viewer, event));
        }
    }

    List<SimNode> live() {
        return nodes.stream().filter(SimNode::up).toList();
    }

    /** Whether all live members hold the same view. */
    boolean agreed() {
        return live().stream()
                        .map(node -> node.core().status().viewHash())
                        .distinct()
                        .count()
                == 1;
    }

    /** Whether every live member holds exactly the live members for living. */
    boolean complete() {
        int live = live().size();
        return live().stream().allMatch(node -> node.core().status().alive() == live);
    }

    boolean everybodyHolds(SimNode subject, MemberState state) {
        for (SimNode viewer : nodes) {
            if (viewer != subject && viewer.up() && viewer.holds(subject) != state) {
                return false;
            }
        }
        return true;
    }
}
