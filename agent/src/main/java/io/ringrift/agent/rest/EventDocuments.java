package io.ringrift.agent.rest;

import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.coordinator.AgentEvent.Protocol;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.coordinator.FallbackState;
import io.ringrift.agent.membership.Member;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Events as {@code /events} shows them. */
record EventDocuments(WallClock times) {

    /** An event's name and JSON. */
    record Named(String name, JsonObject data) {}

    Named of(AgentEvent event) {
        return switch (event) {
            case AgentEvent.MemberChanged member -> member(member);
            case AgentEvent.LeaderChanged leader -> leader(leader.leadership(), leader.at());
            case AgentEvent.FallbackChanged fallback -> fallback(fallback.protocol(), fallback.state(), fallback.at());
            case AgentEvent.ConfigChanged config -> config(config.status(), config.at());
        };
    }

    /** The present state as events, made when they are asked for: each member, the leader, the fallbacks. */
    List<Supplier<Named>> state(AgentView view) {
        Stream<Supplier<Named>> members = view.members().stream().map(member -> () -> present(member));
        Stream<Supplier<Named>> others = Stream.of(
                () -> leader(view.leadership(), view.now()),
                () -> present(Protocol.MEMBERSHIP, view.membershipFallback(), view.now()),
                () -> present(Protocol.CONSENSUS, view.consensusFallback(), view.now()));
        return Stream.concat(members, others).toList();
    }

    private Named member(AgentEvent.MemberChanged member) {
        return new Named(
                "member",
                new JsonObject()
                        .put("node_id", member.nodeId())
                        .put("state", member.state().name())
                        .put("previous", member.previous().map(Enum::name).orElse(null))
                        .put("incarnation", member.incarnation())
                        .put("accusers", new JsonArray(member.accusers()))
                        .put("at", times.at(member.at())));
    }

    private Named present(Member member) {
        return new Named(
                "member",
                new JsonObject()
                        .put("node_id", member.nodeId())
                        .put("state", member.state().name())
                        .putNull("previous")
                        .put("incarnation", member.incarnation())
                        .put("accusers", new JsonArray())
                        .put("at", times.at(member.since())));
    }

    private Named leader(Leadership leadership, Duration at) {
        return new Named("leader", Documents.leadership(leadership, "leader").put("at", times.at(at)));
    }

    private Named present(Protocol protocol, FallbackState state, Duration now) {
        return fallback(protocol, state, state.since().orElse(now));
    }

    private Named fallback(Protocol protocol, FallbackState state, Duration at) {
        return new Named(
                "fallback",
                new JsonObject()
                        .put("protocol", protocol.token())
                        .put("active", state.active())
                        .put("reason", state.reason().orElse(null))
                        .put("at", times.at(at)));
    }

    private Named config(ConfigStatus status, Duration at) {
        return new Named("config", Documents.config(status).put("at", times.at(at)));
    }
}
