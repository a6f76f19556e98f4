package io.ringrift.agent.coordinator;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.raft.RaftRole;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.soabase.recordbuilder.core.RecordBuilder;
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
 * @param leaderless why nobody leads, in a sentence; empty while somebody does
 * @param mayAct this node leads, and its lease is in force
 * @param draining it hands leadership over and stands no more
 */
@RecordBuilder
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
        Optional<String> leaderless,
        boolean mayAct,
        boolean draining,
        SwimView swim,
        RaftView raft,
        FallbackState membershipFallback,
        FallbackState consensusFallback)
        implements AgentViewBuilder.With {

    /** The same at a later moment, when the lease of the leader it names has run out. */
    public AgentView expired(Duration later) {
        return with().now(later)
                .leadership(Leadership.none(leadership.epoch()))
                .leaderless(Optional.of("The leader's lease ran out."))
                .mayAct(false)
                .build();
    }

    /** The same at a later moment; {@code lapsed}: without what a leader needs to act. */
    public AgentView at(Duration later, boolean lapsed) {
        return with().now(later).mayAct(mayAct && !lapsed).build();
    }

    /**
     * @param available enabled and working now
     * @param message why it is not available; empty where it is
     * @param members what SWIM holds, whoever decides: this node included, by node id; nobody while SWIM is off
     */
    public record SwimView(boolean enabled, boolean available, Optional<String> message, List<Member> members) {
        /** How many of them are in a state. */
        public int count(MemberState state) {
            return (int)
                    members.stream().filter(member -> member.state() == state).count();
        }
    }

    /**
     * @param available enabled and working now
     * @param dataLost a majority of the group's disks is gone; the message says what to do
     * @param message why it is not available; empty where it is
     * @param peer empty while Raft is off
     */
    public record RaftView(
            boolean enabled, boolean available, boolean dataLost, Optional<String> message, Optional<RaftPeer> peer) {}

    /**
     * This node's Raft peer.
     *
     * @param successor to whom it would hand leadership over; empty where it does not lead, or nobody could take over
     */
    public record RaftPeer(
            Optional<String> leader,
            long term,
            RaftRole role,
            List<String> voters,
            OptionalLong commitIndex,
            OptionalLong appliedIndex,
            Optional<String> successor) {}
}
