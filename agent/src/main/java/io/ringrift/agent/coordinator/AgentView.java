package io.ringrift.agent.coordinator;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.config.Token;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.membership.Member;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Everything that the REST API shows, as one immutable value: the routes read this and nothing else.
 *
 * @param now when it was made, in time since this process started
 * @param members every member, this node included, by node id
 * @param viewHash equal on two nodes when their views are; what that means stands at {@link io.ringrift.agent.membership.MembershipTable}
 * @param joined a peer was heard since start, or there is none
 */
public record AgentView(
        Duration now,
        String nodeId,
        long incarnation,
        AgentConfig config,
        ConfigStatus configStatus,
        List<Member> members,
        String viewHash,
        boolean joined,
        Leadership leadership,
        SwimView swim,
        RaftView raft,
        FallbackState membershipFallback,
        FallbackState consensusFallback) {

    /**
     * @param available enabled and working now
     * @param message why it is not available; empty where it is
     */
    public record SwimView(
            boolean enabled,
            boolean available,
            Optional<String> message,
            int members,
            int alive,
            int suspected,
            int failed) {}

    /**
     * @param available enabled and working now
     * @param message why it is not available; empty where it is
     * @param peer empty while Raft is off
     */
    public record RaftView(boolean enabled, boolean available, Optional<String> message, Optional<RaftPeer> peer) {}

    /** This node's Raft peer. */
    public record RaftPeer(
            Optional<String> leader,
            long term,
            RaftRole role,
            List<String> voters,
            OptionalLong commitIndex,
            OptionalLong appliedIndex) {}

    /** Raft's roles, {@code none} where this node runs no peer. */
    public enum RaftRole implements Token {
        LEADER,
        FOLLOWER,
        CANDIDATE,
        LISTENER,
        NONE
    }
}
