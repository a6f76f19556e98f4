package io.ringrift.operator.rollout;

import io.ringrift.operator.api.Modes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What one agent reported last.
 *
 * @param generation the configuration generation that it runs; empty where it did not answer
 * @param refused the problems of a configuration that it refused; empty where it refused none
 * @param refusedGeneration of the configuration that it refused; empty where it refused none or one without a number
 * @param modes that it runs; empty where it reports none that are known
 * @param fallbacks the protocols whose fallback is active though the mode wanted better, with the reason
 * @param viewHash equal on two nodes that hold the same members in the same states
 * @param notAlive the members that it holds to be SUSPECTED or FAILED
 * @param raft its Raft peer; empty while Raft is off
 */
public record NodeReport(
        String node,
        OptionalLong generation,
        List<String> refused,
        OptionalLong refusedGeneration,
        Optional<Modes> modes,
        List<String> fallbacks,
        String viewHash,
        Optional<String> leader,
        long epoch,
        Set<String> notAlive,
        Optional<Raft> raft) {

    /**
     * Its part in Raft.
     *
     * @param available Raft works here now
     * @param message why it does not; empty while it does
     * @param leader as this peer knows it
     * @param voters the group's, as this peer knows them
     * @param commitIndex empty where this node holds no log
     * @param appliedIndex empty where this node holds no log
     * @param dataLost a majority of the group's disks is gone
     */
    public record Raft(
            boolean available,
            String message,
            Optional<String> leader,
            Set<String> voters,
            OptionalLong commitIndex,
            OptionalLong appliedIndex,
            boolean dataLost) {}
}
