package io.ringrift.agent.consensus.raft;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The next step from the group's configuration to the wanted voters: one peer at a time, first as a listener, which votes only once it has
 * caught up; one whose disk was lost is exchanged for its successor in one step. Pure.
 */
public final class VoterChange {
    /** Close enough to the leader's log: what is missing is on its way. */
    private static final long CAUGHT_UP = 100;

    private static final Duration HEALTHY = Duration.ofSeconds(2);

    private VoterChange() {}

    /**
     * The next configuration; empty where nothing is to be changed, or where it is not the moment.
     *
     * @param self the leader's own peer
     * @param wanted node ids that are to vote
     * @param present the peers that members say they are, by node id
     */
    public static Optional<RaftOrder.Reconfigure> next(
            PeerId self, RaftReport report, List<String> wanted, Map<String, PeerId> present) {
        List<PeerId> voters = report.voters();
        List<PeerId> listeners = report.listeners();
        Optional<PeerId> ready = listeners.stream()
                .filter(listener -> wanted.contains(listener.nodeId()) && isCaughtUp(report, listener))
                .findFirst();
        if (ready.isPresent()) {
            return promote(report, ready.get());
        }
        Optional<PeerId> stale = listeners.stream()
                .filter(listener -> !wanted.contains(listener.nodeId())
                        || Optional.ofNullable(present.get(listener.nodeId()))
                                .filter(peer -> !peer.equals(listener))
                                .isPresent())
                .findFirst();
        if (stale.isPresent()) {
            return change(report, voters, without(listeners, stale.get()));
        }
        if (!listeners.isEmpty()) {
            return Optional.empty();
        }
        Optional<PeerId> missing = wanted.stream()
                .flatMap(nodeId -> Optional.ofNullable(present.get(nodeId)).stream())
                .filter(peer -> !voters.contains(peer))
                .findFirst();
        if (missing.isPresent()) {
            return change(report, voters, with(listeners, missing.get()));
        }
        return surplus(self, report, wanted);
    }

    private static Optional<RaftOrder.Reconfigure> promote(RaftReport report, PeerId ready) {
        List<PeerId> voters = new ArrayList<>(report.voters());
        voters.removeIf(voter -> voter.nodeId().equals(ready.nodeId()));
        return change(report, with(voters, ready), without(report.listeners(), ready));
    }

    /** A voter that is not wanted goes last, and only while the others are well. The leader itself hands over first. */
    private static Optional<RaftOrder.Reconfigure> surplus(PeerId self, RaftReport report, List<String> wanted) {
        List<PeerId> voters = report.voters();
        boolean allThere = voters.stream().map(PeerId::nodeId).toList().containsAll(wanted);
        Optional<PeerId> surplus = voters.stream()
                .filter(voter -> !wanted.contains(voter.nodeId()))
                .filter(voter -> !voter.equals(self))
                .findFirst();
        boolean healthy = voters.stream()
                .filter(voter -> !voter.equals(self) && wanted.contains(voter.nodeId()))
                .allMatch(voter -> isHealthy(report, voter));
        return allThere && healthy
                ? surplus.flatMap(gone -> change(report, without(voters, gone), report.listeners()))
                : Optional.empty();
    }

    /** The node to which a leader that is not wanted as a voter hands over; empty where it is wanted, or where nobody is ready. */
    public static Optional<String> successor(PeerId self, RaftReport report, List<String> wanted) {
        if (wanted.contains(self.nodeId())) {
            return Optional.empty();
        }
        return bestFollower(self, report).filter(wanted::contains);
    }

    /** The follower that lacks least, for a hand-over; empty where none answers. */
    public static Optional<String> bestFollower(PeerId self, RaftReport report) {
        return report.voters().stream()
                .filter(voter -> !voter.equals(self) && isHealthy(report, voter))
                .min(java.util.Comparator.comparingLong(
                        (PeerId voter) -> report.followers().get(voter).behind()))
                .map(PeerId::nodeId);
    }

    private static boolean isHealthy(RaftReport report, PeerId peer) {
        return Optional.ofNullable(report.followers().get(peer))
                .filter(progress -> progress.silent().compareTo(HEALTHY) < 0)
                .isPresent();
    }

    private static boolean isCaughtUp(RaftReport report, PeerId peer) {
        return isHealthy(report, peer) && report.followers().get(peer).behind() <= CAUGHT_UP;
    }

    private static Optional<RaftOrder.Reconfigure> change(
            RaftReport report, List<PeerId> voters, List<PeerId> listeners) {
        return Optional.of(new RaftOrder.Reconfigure(report.voters(), voters, listeners));
    }

    private static List<PeerId> with(List<PeerId> peers, PeerId more) {
        List<PeerId> all = new ArrayList<>(peers);
        all.add(more);
        return all.stream().sorted().toList();
    }

    private static List<PeerId> without(List<PeerId> peers, PeerId gone) {
        return peers.stream().filter(peer -> !peer.equals(gone)).toList();
    }
}
