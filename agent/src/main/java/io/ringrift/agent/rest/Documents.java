package io.ringrift.agent.rest;

import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.Token;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.raft.RaftRole;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.coordinator.AgentView.RaftPeer;
import io.ringrift.agent.coordinator.FallbackState;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The view as JSON: every document of the read routes, from one immutable value. */
record Documents(WallClock times, String version) {

    JsonObject status(AgentView view, Duration uptime) {
        return new JsonObject()
                .put("node_id", view.nodeId())
                .put("cluster", view.config().clusterName())
                .put("version", version)
                .put("incarnation", view.incarnation())
                .put("uptime_seconds", uptime.toMillis() / 1000.0)
                .put("leader", leadership(view.leadership(), "id"))
                .put("draining", view.draining())
                .put("config", config(view.configStatus()))
                .put("view_hash", view.viewHash())
                .put(
                        "fallback",
                        new JsonObject()
                                .put("membership", fallback(view.membershipFallback()))
                                .put("consensus", fallback(view.consensusFallback())))
                .put("swim_raft", swimRaft(view))
                .put("peers", list(peers(view), Documents::peer));
    }

    JsonObject members(AgentView view) {
        return new JsonObject()
                .put("members", list(view.members(), this::member))
                .put("view_hash", view.viewHash());
    }

    JsonObject leader(AgentView view) {
        Optional<String> leader = view.leadership().leader();
        JsonObject document = leadership(view.leadership(), "leader")
                .put("address", leader.flatMap(id -> address(view, id)).orElse(null))
                .put("is_self", view.mayAct());
        return message(document, view.leaderless());
    }

    JsonObject swimStatus(AgentView view) {
        return message(swimHead(view), swimMessage(view))
                .put("membership_mode", view.config().membershipMode().token())
                .put("swim", swim(view.swim()))
                .put("fallback", fallback(view.membershipFallback()))
                .put("config", swimConfig(view));
    }

    JsonObject swimMembers(AgentView view) {
        return message(swimHead(view), swimMessage(view))
                .put("members", list(view.swim().members(), this::member));
    }

    JsonObject raftStatus(AgentView view) {
        JsonObject status = new JsonObject()
                .put("node_id", view.nodeId())
                .put("raft_enabled", view.raft().enabled())
                .put("raft_available", view.raft().available())
                .put("data_lost", view.raft().dataLost())
                .put("consensus_mode", view.config().consensusMode().token())
                .mergeIn(raftPeer(view.raft().peer()))
                .put("fallback", fallback(view.consensusFallback()));
        return message(status, raftMessage(view));
    }

    /** {@code {leader, epoch, source}}; the leader under the name that the document wants. */
    static JsonObject leadership(Leadership leadership, String leaderKey) {
        return new JsonObject()
                .put(leaderKey, leadership.leader().orElse(null))
                .put("epoch", leadership.epoch())
                .put("source", leadership.source().map(Token::token).orElse(null));
    }

    static JsonObject config(ConfigStatus status) {
        return new JsonObject()
                .put("generation", orNull(status.generation()))
                .put("refused", status.refused().map(Documents::refusal).orElse(null));
    }

    static JsonObject refusal(ConfigStatus.Refusal refusal) {
        return new JsonObject()
                .put("generation", orNull(refusal.generation()))
                .put("problems", new JsonArray(refusal.problems()));
    }

    private static JsonObject swimRaft(AgentView view) {
        ConsensusMode consensus = view.config().consensusMode();
        // In bully mode Bully decides by wish, which the guide's example calls an active fallback all the same.
        boolean bullyDecides = consensus == ConsensusMode.BULLY
                || consensus == ConsensusMode.HYBRID && view.consensusFallback().active();
        JsonObject raft = new JsonObject()
                .put("enabled", view.raft().enabled())
                .put("available", view.raft().available());
        return new JsonObject()
                .put("membership_mode", view.config().membershipMode().token())
                .put("consensus_mode", consensus.token())
                .put("swim", swim(view.swim()))
                .put(
                        "raft",
                        view.raft().enabled()
                                ? message(raft, view.raft().message())
                                        .put("data_lost", view.raft().dataLost())
                                        .mergeIn(raftPeer(view.raft().peer()))
                                : raft)
                .put(
                        "hybrid_status",
                        new JsonObject()
                                .put(
                                        "swim_fallback_active",
                                        view.membershipFallback().active())
                                .put("raft_fallback_active", bullyDecides));
    }

    private static JsonObject swim(AgentView.SwimView swim) {
        int alive = swim.count(MemberState.ALIVE);
        int suspected = swim.count(MemberState.SUSPECTED);
        int failed = swim.count(MemberState.FAILED);
        return new JsonObject()
                .put("enabled", swim.enabled())
                .put("available", swim.available())
                .put("members", alive + suspected + failed)
                .put("alive", alive)
                .put("suspected", suspected)
                .put("failed", failed);
    }

    private static JsonObject raftPeer(Optional<RaftPeer> peer) {
        return new JsonObject()
                .put("leader", peer.flatMap(RaftPeer::leader).orElse(null))
                .put("term", peer.map(RaftPeer::term).orElse(0L))
                .put("role", peer.map(RaftPeer::role).orElse(RaftRole.NONE).token())
                .put("voters", new JsonArray(peer.map(RaftPeer::voters).orElse(List.of())))
                .put(
                        "commit_index",
                        peer.map(known -> orNull(known.commitIndex())).orElse(null))
                .put(
                        "applied_index",
                        peer.map(known -> orNull(known.appliedIndex())).orElse(null));
    }

    private JsonObject fallback(FallbackState state) {
        return new JsonObject()
                .put("active", state.active())
                .put("since", state.since().map(times::at).orElse(null))
                .put("reason", state.reason().orElse(null))
                .put("activations", state.activations());
    }

    private JsonObject member(Member member) {
        return new JsonObject()
                .put("node_id", member.nodeId())
                .put("state", member.state().name())
                .put("address", member.address().orElse(null))
                .put("incarnation", member.incarnation())
                .put("source", member.source().token())
                .put("since", times.at(member.since()))
                .put("udp_unreachable", member.udpUnreachable());
    }

    private static JsonObject peer(Member member) {
        Optional<Member.Modes> modes = member.modes();
        return new JsonObject()
                .put("node_id", member.nodeId())
                .put("state", member.state().name())
                .put(
                        "membership_mode",
                        modes.map(known -> known.membership().token()).orElse(null))
                .put(
                        "consensus_mode",
                        modes.map(known -> known.consensus().token()).orElse(null))
                .put(
                        "config_generation",
                        modes.map(known -> orNull(known.configGeneration())).orElse(null));
    }

    private static JsonObject swimHead(AgentView view) {
        return new JsonObject()
                .put("node_id", view.nodeId())
                .put("swim_enabled", view.swim().enabled())
                .put("swim_available", view.swim().available());
    }

    private static JsonObject swimConfig(AgentView view) {
        var swim = view.config().swim();
        return new JsonObject()
                .put("bind_port", view.config().network().swimPort())
                .put("failure_timeout", seconds(swim.failureTimeout()))
                .put("suspicion_timeout", seconds(swim.suspicionTimeout()))
                .put("ping_interval", seconds(swim.pingInterval()));
    }

    private static Optional<String> swimMessage(AgentView view) {
        return view.swim().enabled()
                ? view.swim().message()
                : Optional.of(
                        "SWIM is off; RINGRIFT_SWIM_ENABLED or a RINGRIFT_MEMBERSHIP_MODE of swim or hybrid turns it on.");
    }

    private static Optional<String> raftMessage(AgentView view) {
        return view.raft().enabled()
                ? view.raft().message()
                : Optional.of(
                        "Raft is off; RINGRIFT_RAFT_ENABLED or a RINGRIFT_CONSENSUS_MODE of raft or hybrid turns it on.");
    }

    private static JsonObject message(JsonObject document, Optional<String> message) {
        message.ifPresent(text -> document.put("message", text));
        return document;
    }

    private static Optional<String> address(AgentView view, String nodeId) {
        return view.members().stream()
                .filter(member -> member.nodeId().equals(nodeId))
                .findFirst()
                .flatMap(Member::address);
    }

    private static List<Member> peers(AgentView view) {
        return view.members().stream()
                .filter(member -> !member.nodeId().equals(view.nodeId()))
                .toList();
    }

    private static <T> JsonArray list(List<T> values, Function<T, JsonObject> document) {
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(document.apply(value)));
        return array;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static Long orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }
}
