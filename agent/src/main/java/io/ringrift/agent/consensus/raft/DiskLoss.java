package io.ringrift.agent.consensus.raft;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether a majority of the group's disks is gone, so that nobody can tell what was acknowledged. Pure; of one node. */
public final class DiskLoss {
    /** A peer that is started again from its disk says that it holds the log once it runs; on a busy machine that takes seconds. */
    static final Duration STARTING = Duration.ofSeconds(10);

    private Optional<Duration> nobodySince = Optional.empty();

    /**
     * Why the group cannot go on, in a sentence; empty while it may.
     *
     * @param self this node's peer
     * @param report of a peer that runs
     * @param heard what each other member said last, to this run
     */
    public static Optional<String> found(PeerId self, RaftReport report, Map<String, VoterStatus> heard) {
        List<PeerId> voters = report.voters();
        List<String> gone = voters.stream()
                .filter(voter -> !voter.equals(self))
                .filter(voter -> Optional.ofNullable(heard.get(voter.nodeId()))
                        .flatMap(VoterStatus::peer)
                        .filter(present -> !present.equals(voter))
                        .isPresent())
                .map(PeerId::nodeId)
                .toList();
        boolean majority = !voters.isEmpty() && gone.size() > voters.size() / 2;
        return majority && report.leader().isEmpty() ? Optional.of(sentence(gone)) : Optional.empty();
    }

    /**
     * What a node says that waits to join a group which lost its disks: one that holds the log has found it, or all voters have Raft on and none of
     * them has said for {@link #STARTING} that it holds the log. Call it as long as the node waits, and else {@link #reset}.
     *
     * @param heard what each other member said last, to this run
     * @param voters node ids of the other voters
     */
    public Optional<String> told(Map<String, VoterStatus> heard, List<String> voters, Duration now) {
        nobodySince = nobodyHolds(heard, voters) ? nobodySince.or(() -> Optional.of(now)) : Optional.empty();
        boolean forLong = nobodySince
                .filter(since -> now.minus(since).compareTo(STARTING) >= 0)
                .isPresent();
        boolean told = heard.values().stream().anyMatch(VoterStatus::lost);
        return told || forLong ? Optional.of(sentence(List.of())) : Optional.empty();
    }

    private static boolean nobodyHolds(Map<String, VoterStatus> heard, List<String> voters) {
        boolean allHaveRaftOn = voters.stream()
                .allMatch(voter -> Optional.ofNullable(heard.get(voter))
                        .flatMap(VoterStatus::peer)
                        .isPresent());
        return allHaveRaftOn && heard.values().stream().noneMatch(VoterStatus::holds);
    }

    /** This node does not wait to join. */
    public void reset() {
        nobodySince = Optional.empty();
    }

    private static String sentence(List<String> gone) {
        return "Data loss: a majority of the Raft group's disks is gone"
                + (gone.isEmpty() ? "" : " (" + String.join(", ", gone) + ")")
                + ". The group does not start afresh by itself; raise the recovery generation to found a new one without what was lost.";
    }
}
