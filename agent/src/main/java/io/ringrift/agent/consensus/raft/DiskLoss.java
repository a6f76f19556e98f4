package io.ringrift.agent.consensus.raft;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether a majority of the group's disks is gone, so that nobody can tell what was acknowledged. Pure. */
public final class DiskLoss {
    private DiskLoss() {}

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

    /** What a node says that waits to join a group which lost its disks. */
    public static Optional<String> toldBy(Map<String, VoterStatus> heard, List<String> voters) {
        boolean told = heard.values().stream().anyMatch(VoterStatus::lost);
        boolean everybodyHeard = heard.keySet().containsAll(voters);
        boolean nobodyHolds = everybodyHeard && heard.values().stream().noneMatch(VoterStatus::holds);
        return told || nobodyHolds ? Optional.of(sentence(List.of())) : Optional.empty();
    }

    private static String sentence(List<String> gone) {
        return "Data loss: a majority of the Raft group's disks is gone"
                + (gone.isEmpty() ? "" : " (" + String.join(", ", gone) + ")")
                + ". The group does not start afresh by itself; raise the recovery generation to found a new one without what was lost.";
    }
}
