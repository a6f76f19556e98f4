package io.ringrift.agent.consensus.raft;

import io.ringrift.agent.config.AgentConfig.RaftProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which peer this node is to run, by what its disk remembers and what the other members say. A group is founded once: by all wanted voters
 * together, when none of them and nobody else knows of one. Afterwards an empty disk joins what there is; it never founds again.
 *
 * <p>Pure.
 */
public final class VoterPlan {
    private VoterPlan() {}

    /** What to do. */
    public sealed interface Step {
        /** Run this peer. */
        record Run(PeerPlan plan) implements Step {}

        /** Wait; {@code why} is a sentence. */
        record Wait(String why) implements Step {}
    }

    /**
     * What the next step is.
     *
     * @param incarnation of the group that is wanted: the recovery generation and 1
     * @param voters node ids that are to vote
     * @param heard what each other member said last, to this run
     */
    public static Step next(
            PeerDisk disk, long incarnation, List<String> voters, RaftProfile profile, Map<String, VoterStatus> heard) {
        if (disk.incarnation() == incarnation) {
            return new Step.Run(new PeerPlan(disk.self(), incarnation, disk.founders(), PeerPlan.Way.RESUME, profile));
        }
        if (disk.incarnation() > incarnation) {
            return new Step.Wait(
                    "This node's disk holds a group of recovery generation %d, and the configuration asks for %d: a recovery generation is never lowered."
                            .formatted(disk.incarnation() - 1, incarnation - 1));
        }
        Optional<VoterStatus> known = heard.values().stream()
                .filter(status -> status.incarnation() >= incarnation)
                .findFirst();
        if (known.isPresent()) {
            return known(disk, incarnation, profile, known.get());
        }
        return found(disk, incarnation, voters, profile, heard);
    }

    private static Step known(PeerDisk disk, long incarnation, RaftProfile profile, VoterStatus known) {
        if (known.incarnation() > incarnation) {
            return new Step.Wait("A group of recovery generation %d exists; this node waits for that configuration."
                    .formatted(known.incarnation() - 1));
        }
        PeerPlan.Way way = known.founders().contains(disk.self()) ? PeerPlan.Way.FOUND : PeerPlan.Way.JOIN;
        return new Step.Run(new PeerPlan(disk.self(), incarnation, known.founders(), way, profile));
    }

    private static Step found(
            PeerDisk disk, long incarnation, List<String> voters, RaftProfile profile, Map<String, VoterStatus> heard) {
        List<PeerId> founders = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (String voter : voters) {
            Optional<PeerId> peer = voter.equals(disk.self().nodeId())
                    ? Optional.of(disk.self())
                    : Optional.ofNullable(heard.get(voter)).flatMap(VoterStatus::peer);
            peer.ifPresentOrElse(founders::add, () -> silent.add(voter));
        }
        if (!silent.isEmpty()) {
            return new Step.Wait("The Raft group is founded once all its voters were heard; missing: "
                    + String.join(", ", silent) + ".");
        }
        return new Step.Run(new PeerPlan(
                disk.self(), incarnation, founders.stream().sorted().toList(), PeerPlan.Way.FOUND, profile));
    }
}
