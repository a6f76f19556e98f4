package io.ringrift.agent.consensus.raft;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The next step from the group's voters to the wanted ones: one peer at a time; one whose disk was lost is exchanged for its successor
 * in one step. Pure.
 *
 * <p>A newcomer becomes a voter at once: Ratis brings it up to date before it appends anything of the change. It must not be a
 * listener before. While one that was a listener becomes a voter it is both, in the old configuration and in the new; a peer
 * that is elected in the middle of that finds it twice among its followers, fails over it, and without a word leads for ever without
 * acting, while its longer log bars everybody else (Ratis 3.3.0, LeaderStateImpl's constructor).
 */
public final class VoterChange {
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
        if (!report.listeners().isEmpty()) {
            return change(report, voters);
        }
        Optional<PeerId> missing = wanted.stream()
                .flatMap(nodeId -> Optional.ofNullable(present.get(nodeId)).stream())
                .filter(peer -> !voters.contains(peer))
                .findFirst();
        return missing.isPresent() ? takeIn(report, missing.get()) : surplus(self, report, wanted);
    }

    private static Optional<RaftOrder.Reconfigure> takeIn(RaftReport report, PeerId newcomer) {
        List<PeerId> voters = new ArrayList<>(report.voters());
        voters.removeIf(voter -> voter.nodeId().equals(newcomer.nodeId()));
        voters.add(newcomer);
        return change(report, voters.stream().sorted().toList());
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
        return allThere && healthy ? surplus.flatMap(gone -> change(report, without(voters, gone))) : Optional.empty();
    }

    /** The node to which a leader that is not wanted as a voter hands over; empty where it is wanted, or where nobody is ready. */
    public static Optional<String> successor(PeerId self, RaftReport report, List<String> wanted) {
        if (wanted.contains(self.nodeId())) {
            return Optional.empty();
        }
        return bestFollower(self, report, wanted::contains);
    }

    /** Of the followers with such a node id the one that lacks least, for a hand-over; empty where none answers. */
    public static Optional<String> bestFollower(PeerId self, RaftReport report, Predicate<String> eligible) {
        return report.voters().stream()
                .filter(voter -> !voter.equals(self) && isHealthy(report, voter) && eligible.test(voter.nodeId()))
                .min(java.util.Comparator.comparingLong(
                        (PeerId voter) -> report.followers().get(voter).behind()))
                .map(PeerId::nodeId);
    }

    private static boolean isHealthy(RaftReport report, PeerId peer) {
        return Optional.ofNullable(report.followers().get(peer))
                .filter(progress -> progress.silent().compareTo(HEALTHY) < 0)
                .isPresent();
    }

    private static Optional<RaftOrder.Reconfigure> change(RaftReport report, List<PeerId> voters) {
        return Optional.of(new RaftOrder.Reconfigure(report.voters(), voters));
    }

    private static List<PeerId> without(List<PeerId> peers, PeerId gone) {
        return peers.stream().filter(peer -> !peer.equals(gone)).toList();
    }
}
