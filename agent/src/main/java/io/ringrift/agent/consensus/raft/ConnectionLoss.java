package io.ringrift.agent.consensus.raft;

import static io.ringrift.agent.time.Durations.times;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What follows when the leader's port refuses connections, so that its process is dead: the voters stand one after the other, without waiting for
 * its silence. A forced election asks no pre-vote, so two at once could split the votes; each leaves the one before it the time to win.
 */
public final class ConnectionLoss {
    /** Longer than a round of votes with its write to the disk. */
    private static final Duration STAGGER = Duration.ofMillis(120);

    private ConnectionLoss() {}

    /** How long {@code self} waits before it stands; empty where it does not vote. */
    public static Optional<Duration> delay(String self, String leader, List<PeerId> voters) {
        List<String> candidates = voters.stream()
                .map(PeerId::nodeId)
                .filter(nodeId -> !nodeId.equals(leader))
                .sorted()
                .toList();
        int rank = candidates.indexOf(self);
        return rank < 0 ? Optional.empty() : Optional.of(times(STAGGER, rank));
    }

    /** Whether it should still stand: nobody else has been elected since. */
    public static boolean stillWanted(RaftReport report, String leader, long term) {
        return report.state() == RaftReport.State.RUNNING
                && report.role() == RaftRole.FOLLOWER
                && report.term() == term
                && report.leader().filter(leader::equals).isPresent();
    }
}
