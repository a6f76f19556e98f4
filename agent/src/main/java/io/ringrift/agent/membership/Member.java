package io.ringrift.agent.membership;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.config.Token;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One member as this node sees it. A member is its node id and incarnation; the address is only where it was heard last.
 *
 * @param address {@code host:port} of its REST API; empty until it is known
 * @param incarnation rises whenever the member starts anew or refutes a suspicion; 0 until it was heard
 * @param source which protocol said so
 * @param since when the state was entered, in time since this process started
 * @param udpUnreachable it answers over TCP but not over UDP
 * @param modes what it runs; empty until it was heard
 */
public record Member(
        String nodeId,
        MemberState state,
        Optional<String> address,
        long incarnation,
        Source source,
        Duration since,
        boolean udpUnreachable,
        Optional<Modes> modes) {

    /** The protocol that a state comes from. */
    public enum Source implements Token {
        SWIM,
        HTTP
    }

    /** What a node runs, as it tells everybody, so that a half-finished roll-out is visible from any node. */
    public record Modes(MembershipMode membership, ConsensusMode consensus, OptionalLong configGeneration) {
        /** What a node with this configuration runs. */
        public static Modes of(AgentConfig config) {
            return new Modes(config.membershipMode(), config.consensusMode(), config.generation());
        }
    }
}
