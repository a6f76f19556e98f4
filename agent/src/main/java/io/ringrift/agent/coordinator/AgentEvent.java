package io.ringrift.agent.coordinator;

import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.config.Token;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.membership.MemberState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Something that changed, in the order in which it did; {@code at} is time since this process started. */
public sealed interface AgentEvent {
    Duration at();

    /**
     * @param previous empty where the member was not known
     * @param accusers node ids that said so; this node's alone where HTTP polling decides
     */
    record MemberChanged(
            String nodeId,
            MemberState state,
            Optional<MemberState> previous,
            long incarnation,
            List<String> accusers,
            io.ringrift.agent.membership.Member.Source source,
            Duration at)
            implements AgentEvent {}

    /** Another leader, none, or another epoch. */
    record LeaderChanged(Leadership leadership, Duration at) implements AgentEvent {}

    /** A fallback became active or ended. */
    record FallbackChanged(Protocol protocol, FallbackState state, Duration at) implements AgentEvent {}

    /** A configuration was applied or refused. */
    record ConfigChanged(ConfigStatus status, Duration at) implements AgentEvent {}

    /** What a fallback stands in for. */
    enum Protocol implements Token {
        MEMBERSHIP,
        CONSENSUS
    }
}
