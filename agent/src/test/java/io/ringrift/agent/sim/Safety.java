package io.ringrift.agent.sim;

import io.ringrift.agent.consensus.Leadership;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What holds at every moment, whatever fails. */
final class Safety {
    /** A lease, on the slowest clock. */
    private static final Duration LEASE = Duration.ofMillis(10_400);

    private final Simulation simulation;
    private final boolean leavesBehind;
    private final Map<Long, String> leaderOfEpoch = new HashMap<>();
    private final Map<String, Long> acceptedBy = new HashMap<>();
    private final Map<String, Duration> hadMajority = new HashMap<>();
    /** In which anybody acted. */
    private long highestEpoch;

    Safety(Simulation simulation) {
        this(simulation, false);
    }

    /** @param leavesBehind a leader may be left behind in another mode, so two may act, under epochs of their own */
    Safety(Simulation simulation, boolean leavesBehind) {
        this.simulation = simulation;
        this.leavesBehind = leavesBehind;
    }

    void check(Simulation.Node touched) {
        if (touched.leads() > 0) {
            noteLeader(touched, touched.leads());
        }
        Simulation.Node actor = null;
        for (Simulation.Node node : simulation.nodes) {
            noteMajority(node);
            if (node.acts() > 0) {
                Simulation.Node other = actor;
                require(other == null || leavesBehind, () -> "two may act: " + describe(other) + ", " + describe(node));
                actor = node;
                checkActor(actor);
            }
        }
        checkAccepted(touched);
    }

    /** Notes who has a majority until now: since the last event of any node nothing has changed that. */
    void beforeFault() {
        simulation.nodes.forEach(this::noteMajority);
    }

    /** The file is gone, and with it what the node remembers of earlier epochs. */
    void forget(Simulation.Node node) {
        acceptedBy.remove(node.id);
    }

    private void noteLeader(Simulation.Node leader, long epoch) {
        String run = leader.id + "/" + leader.instance;
        String other = leaderOfEpoch.putIfAbsent(epoch, run);
        require(other == null || other.equals(run), () -> "epoch " + epoch + " had " + other + " and now " + run);
    }

    private void checkActor(Simulation.Node actor) {
        long epoch = actor.acts();
        noteLeader(actor, epoch);
        require(
                epoch >= highestEpoch || leavesBehind,
                () -> actor.id + " acts in epoch " + epoch + " after " + highestEpoch);
        highestEpoch = epoch;
        boolean byRaft = simulation.raft.acts(actor) > 0;
        Duration last = hadMajority.getOrDefault(actor.id, Duration.ZERO);
        require(
                byRaft || simulation.now().minus(last).compareTo(LEASE) <= 0,
                () -> actor.id + " leads without a majority since " + last);
    }

    private void checkAccepted(Simulation.Node node) {
        Leadership leadership = node.leadership();
        if (leadership.leader().isEmpty()) {
            return;
        }
        long before = acceptedBy.getOrDefault(node.id, 0L);
        require(leadership.epoch() >= before, () -> node.id + " accepts " + leadership + " after epoch " + before);
        acceptedBy.put(node.id, leadership.epoch());
        String run = leaderOfEpoch.get(leadership.epoch());
        require(
                run != null && run.startsWith(leadership.leader().get() + "/"),
                () -> node.id + " follows " + leadership + " but " + run + " leads in that epoch");
    }

    private void noteMajority(Simulation.Node node) {
        int reachable = 0;
        for (Simulation.Node other : simulation.nodes) {
            reachable += other.runs() && simulation.connected(node, other) ? 1 : 0;
        }
        if (reachable > simulation.nodes.size() / 2) {
            hadMajority.put(node.id, simulation.now());
        }
    }

    private void require(boolean holds, java.util.function.Supplier<String> what) {
        if (!holds) {
            throw new AssertionError("seed " + simulation.seed + " at " + simulation.now() + ": " + what.get());
        }
    }

    private static String describe(Simulation.Node actor) {
        return actor.id + " in epoch " + actor.acts();
    }
}
