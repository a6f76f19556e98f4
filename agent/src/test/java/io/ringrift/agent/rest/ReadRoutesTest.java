package io.ringrift.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.consensus.raft.RaftRole;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.coordinator.FallbackState;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the read routes show of a view. */
class ReadRoutesTest {
    private static final FallbackState QUIET = new FallbackState(false, false, Optional.empty(), Optional.empty(), 0);

    @Test
    void statusOfStageZeroIsExactlyThis() {
        try (TestAgent agent = TestAgent.standard()) {
            assertThat(TestAgent.json(agent.get("/status"))).isEqualTo(new JsonObject("""
                {"node_id": "demo-0", "cluster": "default/demo", "version": "0.1.0", "incarnation": 7, "uptime_seconds": 100.0,
                 "leader": {"id": "demo-1", "epoch": 31, "source": "bully"},
                 "draining": false,
                 "config": {"generation": 12, "refused": null},
                 "view_hash": "abc123",
                 "fallback": {"membership": {"active": false, "since": null, "reason": null, "activations": 0},
                              "consensus": {"active": false, "since": null, "reason": null, "activations": 0}},
                 "swim_raft": {
                   "membership_mode": "http", "consensus_mode": "bully",
                   "swim": {"enabled": false, "available": false, "members": 0, "alive": 0, "suspected": 0, "failed": 0},
                   "raft": {"enabled": false, "available": false},
                   "hybrid_status": {"swim_fallback_active": false, "raft_fallback_active": true}},
                 "peers": [{"node_id": "demo-1", "state": "SUSPECTED", "membership_mode": "http", "consensus_mode": "bully",
                            "config_generation": 12}]}"""));
        }
    }

    @Test
    void statusWithBothProtocolsOnAndFallbacksActive() {
        FallbackState swimDown =
                new FallbackState(true, false, Optional.of(Duration.ofSeconds(60)), Optional.of("UDP is blocked"), 2);
        AgentView.RaftPeer peer = new AgentView.RaftPeer(
                Optional.of("demo-1"),
                42,
                RaftRole.FOLLOWER,
                List.of("demo-0", "demo-1", "demo-2"),
                OptionalLong.of(100),
                OptionalLong.of(99),
                Optional.empty());
        List<Member> gossiped = Stream.concat(
                        Stream.of(
                                TestAgent.member("s", MemberState.SUSPECTED),
                                TestAgent.member("f", MemberState.FAILED),
                                TestAgent.member("l", MemberState.LEFT)),
                        IntStream.range(0, 13).mapToObj(i -> TestAgent.member("a" + i, MemberState.ALIVE)))
                .toList();
        try (TestAgent agent = new TestAgent(TestAgent.Setup.standard()
                .view(view -> view.withConfig(TestAgent.config(0, MembershipMode.HYBRID, ConsensusMode.HYBRID))
                        .with()
                        .swim(new AgentView.SwimView(true, false, Optional.of("port taken"), gossiped))
                        .raft(new AgentView.RaftView(true, true, false, Optional.empty(), Optional.of(peer)))
                        .membershipFallback(swimDown)
                        .consensusFallback(QUIET)
                        .build()))) {
            JsonObject status = TestAgent.json(agent.get("/status"));
            assertThat(status.getJsonObject("swim_raft")).isEqualTo(new JsonObject("""
                {"membership_mode": "hybrid", "consensus_mode": "hybrid",
                 "swim": {"enabled": true, "available": false, "members": 15, "alive": 13, "suspected": 1, "failed": 1},
                 "raft": {"enabled": true, "available": true, "data_lost": false, "leader": "demo-1", "term": 42, "role": "follower",
                          "voters": ["demo-0", "demo-1", "demo-2"], "commit_index": 100, "applied_index": 99},
                 "hybrid_status": {"swim_fallback_active": true, "raft_fallback_active": false}}"""));
            assertThat(status.getJsonObject("fallback").getJsonObject("membership"))
                    .isEqualTo(new JsonObject("""
                {"active": true, "since": "2026-01-02T03:05:05Z", "reason": "UDP is blocked", "activations": 2}"""));
            assertThat(TestAgent.json(agent.get("/swim/status")).getString("message"))
                    .isEqualTo("port taken");
        }
    }

    @Test
    void statusSaysWhyRaftDoesNotWork() {
        var lost = new AgentView.RaftView(true, false, true, Optional.of("Data loss: ..."), Optional.empty());
        try (TestAgent agent = new TestAgent(TestAgent.Setup.standard()
                .view(view -> view.withConfig(TestAgent.config(0, MembershipMode.SWIM, ConsensusMode.RAFT))
                        .with()
                        .swim(new AgentView.SwimView(true, true, Optional.empty(), List.of()))
                        .raft(lost)
                        .membershipFallback(QUIET)
                        .consensusFallback(QUIET)
                        .build()))) {
            JsonObject raft = TestAgent.json(agent.get("/status"))
                    .getJsonObject("swim_raft")
                    .getJsonObject("raft");
            assertThat(raft.getString("message")).isEqualTo("Data loss: ...");
            assertThat(raft.getBoolean("data_lost")).isTrue();
            assertThat(TestAgent.json(agent.get("/raft/status")).getBoolean("data_lost"))
                    .isTrue();
        }
    }

    @Test
    void protocolRoutesAnswerWhileTheProtocolIsOff() {
        try (TestAgent agent = TestAgent.standard()) {
            JsonObject swim = TestAgent.json(agent.get("/swim/status"));
            assertThat(swim.getBoolean("swim_available")).isFalse();
            assertThat(swim.getString("message")).contains("RINGRIFT_SWIM_ENABLED");
            JsonObject members = TestAgent.json(agent.get("/swim/members"));
            assertThat(members.getJsonArray("members")).isEmpty();
            assertThat(members.getString("message")).contains("SWIM is off");
            JsonObject raft = TestAgent.json(agent.get("/raft/status"));
            assertThat(raft.getBoolean("raft_available")).isFalse();
            assertThat(raft.getString("role")).isEqualTo("none");
            assertThat(raft.getString("message")).contains("RINGRIFT_RAFT_ENABLED");
        }
    }

    @Test
    void membersAndLeader() {
        try (TestAgent agent = TestAgent.standard()) {
            JsonObject members = TestAgent.json(agent.get("/members"));
            assertThat(members.getString("view_hash")).isEqualTo("abc123");
            assertThat(members.getJsonArray("members").getJsonObject(1)).isEqualTo(new JsonObject("""
                {"node_id": "demo-1", "state": "SUSPECTED", "address": "10.0.0.1:8770", "incarnation": 3, "source": "http",
                 "since": "2026-01-02T03:04:10Z", "udp_unreachable": false}"""));
            assertThat(TestAgent.json(agent.get("/leader"))).isEqualTo(new JsonObject("""
                {"leader": "demo-1", "epoch": 31, "source": "bully", "address": "10.0.0.1:8770", "is_self": false}"""));
        }
        try (TestAgent agent = new TestAgent(TestAgent.Setup.standard()
                .view(view -> TestAgent.leaderless(view, "1 of 3 configured members are alive here.")))) {
            assertThat(TestAgent.json(agent.get("/leader"))).isEqualTo(new JsonObject("""
                {"leader": null, "epoch": 31, "source": null, "address": null, "is_self": false,
                 "message": "1 of 3 configured members are alive here."}"""));
        }
    }

    @Test
    void onlyALeaderWhoseLeaseIsInForceClaimsToBeIt() {
        for (boolean mayAct : List.of(true, false)) {
            try (TestAgent agent =
                    new TestAgent(TestAgent.Setup.standard().view(view -> TestAgent.leadingByRaft(view, mayAct)))) {
                JsonObject said = TestAgent.json(agent.get("/leader"));
                assertThat(said.getString("leader")).isEqualTo("demo-0");
                assertThat(said.getLong("epoch")).isEqualTo(32);
                assertThat(said.getBoolean("is_self")).isEqualTo(mayAct);
            }
        }
    }

    @Test
    void healthDependsOnTheViewOfTheClusterAndNeverOnQuorum() {
        try (TestAgent agent = TestAgent.standard()) {
            assertThat(agent.get("/health/ready").statusCode()).isEqualTo(200);
            agent.view.updateAndGet(view -> view.withJoined(false));
            assertThat(agent.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(agent.get("/health/startup").statusCode()).isEqualTo(200);
            HttpResponse<String> ready = agent.get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(TestAgent.json(ready).getString("code")).isEqualTo("NOT_READY");
        }
    }

    @Test
    void headIsAGetWithoutTheBody() {
        try (TestAgent agent = TestAgent.standard()) {
            HttpResponse<String> head = agent.send(
                    HttpRequest.newBuilder(agent.uri("/status")).method("HEAD", HttpRequest.BodyPublishers.noBody()));
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().firstValueAsLong("content-length").orElse(0))
                    .isEqualTo(agent.get("/status").body().length());
            assertThat(agent.send(HttpRequest.newBuilder(agent.uri("/events"))
                                    .method("HEAD", HttpRequest.BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(200);
        }
    }
}
