package io.ringrift.agent.consensus.raft;

import io.ringrift.agent.config.AgentConfig.RaftProfile;
import java.util.List;

/**
 * Which peer a node is to run.
 *
 * @param incarnation of the group: 1, and one more with every {@code recoveryGeneration}
 * @param founders the group's first voters, where they are known
 * @param way how it comes to its log
 */
public record PeerPlan(PeerId self, long incarnation, List<PeerId> founders, Way way, RaftProfile profile) {
    /** The same with other latencies. */
    public PeerPlan with(RaftProfile changed) {
        return new PeerPlan(self, incarnation, founders, way, changed);
    }

    /** How a peer comes to its log. */
    public enum Way {
        /** With an empty one, as one of the founders. */
        FOUND,
        /** With an empty one, until the leader takes it into the group. */
        JOIN,
        /** From its disk. */
        RESUME
    }
}
