package io.ringrift.agent.membership.swim;

import static io.ringrift.agent.membership.swim.Simulation.MILLI;
import static io.ringrift.agent.membership.swim.Simulation.SECOND;

import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.swim.SwimEffect.Change;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The experiments whose figures are published: tests assert them, the command line prints them. Each follows from its seed. */
final class Scenarios {
    private Scenarios() {}

    /** How often members were suspected and given up. */
    record Deaths(long suspected, long failed) {}

    /**
     * The experiment of the Lifeguard paper: some members hear and send nothing for a time, then everything for 64 ms, again and again.
     *
     * @param healthy what happened to the members that were never blocked
     * @param blocked what happened to those that were
     */
    record Stall(Deaths healthy, Deaths blocked) {}

    static Stall stall(Simulation simulation, int members, int blocked, long length, long duration) {
        simulation.established(members);
        simulation.runFor(3 * SECOND);
        Set<String> sick = new HashSet<>();
        while (sick.size() < blocked) {
            SimNode node = simulation.nodes.get(simulation.random.nextInt(members));
            if (sick.add(node.nodeId())) {
                simulation.in(simulation.random.nextLong(SECOND), () -> cycle(simulation, node, length));
            }
        }
        simulation.runFor(duration);
        return new Stall(deaths(simulation, id -> !sick.contains(id)), deaths(simulation, sick::contains));
    }

    private static void cycle(Simulation simulation, SimNode node, long length) {
        node.block();
        simulation.in(length, () -> {
            node.unblock();
            simulation.in(64 * MILLI, () -> cycle(simulation, node, length));
        });
    }

    /** A healthy cluster on a network that loses a share of the packets. */
    static Deaths loss(Simulation simulation, int members, double share, boolean tcpShut, long duration) {
        simulation.loss = share;
        simulation.established(members);
        if (tcpShut) {
            simulation.nodes.forEach(SimNode::shutTcp);
        }
        simulation.runFor(duration);
        return deaths(simulation, id -> true);
    }

    /** Two sides without a way to each other for a time. Returns the seconds from its end to equal, complete views. */
    static double partition(Simulation simulation, int members, int oneSide, long length) {
        simulation.established(members);
        simulation.runFor(3 * SECOND);
        List<SimNode> left = simulation.nodes.subList(0, oneSide);
        simulation.cut = (from, to) -> left.contains(from) != left.contains(to);
        simulation.runFor(length);
        if (simulation.agreed()) {
            throw simulation.failure("the partition was none");
        }
        simulation.cut = (from, to) -> false;
        return simulation.until("equal views", 60 * SECOND, () -> simulation.complete() && simulation.agreed()) / 1e9;
    }

    /** All processes end and start anew a second later. Returns the seconds from then to equal, complete views. */
    static double massRestart(Simulation simulation, int members) {
        simulation.established(members);
        simulation.runFor(3 * SECOND);
        simulation.nodes.forEach(SimNode::crash);
        simulation.runFor(SECOND);
        long start = simulation.now();
        for (SimNode node : simulation.nodes) {
            node.boot();
            node.join(simulation.nodes);
        }
        simulation.until("equal views", 60 * SECOND, () -> simulation.complete() && simulation.agreed());
        return (simulation.now() - start) / 1e9;
    }

    /** A sealed cluster in which nothing happens. Returns the bytes a second that one node sends, with IPv4 and UDP headers. */
    static double quiet(Simulation simulation, int members) {
        simulation.keyring = Optional.of(Chaos.keys("a"));
        simulation.established(members);
        simulation.runFor(5 * SECOND);
        long before = sent(simulation);
        simulation.runFor(60 * SECOND);
        return (sent(simulation) - before) / 60.0 / members;
    }

    /** A member's address goes to a node of another cluster of three. Returns how often a state changed in that cluster. */
    static long reusedAddress(Simulation simulation) {
        List<SimNode> own = simulation.established(5);
        List<SimNode> others = IntStream.range(0, 3)
                .mapToObj(i -> simulation.add("other/cluster", "other-" + i))
                .toList();
        others.forEach(SimNode::boot);
        others.forEach(node -> node.join(others));
        simulation.until(
                "the other cluster is whole",
                10 * SECOND,
                () -> others.stream().allMatch(node -> node.core().status().alive() == 3));
        simulation.changes.clear();
        own.get(2).crash();
        others.getFirst().move(own.get(2).address());
        simulation.runFor(60 * SECOND);
        if (own.getFirst().holds(own.get(2)) != MemberState.FAILED) {
            throw simulation.failure("the dead member is revived by who has its address now");
        }
        return simulation.changes.stream()
                .filter(change ->
                        others.contains(change.viewer()) && change.event().change() != Change.UPDATED)
                .count();
    }

    /**
     * Very many members in one process, one of which vanishes. Measured are the thirty seconds from then on, after ten without an event.
     *
     * @param allKnow seconds until everybody knows
     * @param speed simulated time by the processor time of the whole process, its collector and compiler included: the program's figure, not that
     *     of what else the machine does
     * @param heapMebibytes occupied at the end
     */
    record Multitude(double allKnow, double speed, long heapMebibytes) {}

    static Multitude multitude(Simulation simulation, int members) {
        simulation.thorough = false;
        simulation.established(members);
        simulation.runFor(10 * SECOND);
        SimNode victim = simulation.nodes.get(members / 2);
        long start = processorNanos();
        victim.crash();
        long took =
                simulation.until("all know", 20 * SECOND, () -> simulation.everybodyHolds(victim, MemberState.FAILED));
        simulation.runFor(30 * SECOND - took);
        double speed = 30e9 / (processorNanos() - start);
        Runtime runtime = Runtime.getRuntime();
        return new Multitude(took / 1e9, speed, (runtime.totalMemory() - runtime.freeMemory()) >> 20);
    }

    private static long processorNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    static Deaths deaths(Simulation simulation, Predicate<String> who) {
        return new Deaths(count(simulation, Change.SUSPECTED, who), count(simulation, Change.FAILED, who));
    }

    private static long count(Simulation simulation, Change change, Predicate<String> who) {
        return simulation.changes.stream()
                .filter(seen -> seen.event().change() == change
                        && who.test(seen.event().member().nodeId()))
                .count();
    }

    private static long sent(Simulation simulation) {
        return simulation.nodes.stream().mapToLong(SimNode::bytesSent).sum();
    }
}
