package io.ringrift.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusDocumentTest {
    @Test
    void readsAllThatMatters() {
        AgentReport report = StatusDocument.read("""
                {"node_id": "demo-1", "uptime_seconds": 3.5, "view_hash": "abc",
                 "leader": {"id": "demo-2", "epoch": 31, "source": "raft"},
                 "config": {"generation": 12, "refused": {"generation": 13, "problems": ["a", "b"]}},
                 "swim_raft": {"membership_mode": "hybrid", "consensus_mode": "raft",
                   "swim": {"enabled": true, "alive": 3}, "raft": {"enabled": true, "available": false, "message": "Data loss: a majority of the disks is gone", "leader": null, "term": 7,
                     "role": "follower", "voters": ["demo-0", "demo-1"], "commit_index": 12345, "applied_index": 12001, "data_lost": true},
                   "hybrid_status": {"swim_fallback_active": true, "raft_fallback_active": false}},
                 "peers": [{"node_id": "demo-0", "state": "ALIVE"}, {"node_id": "demo-2", "state": "SUSPECTED"}]}""");

        assertThat(report.nodeId()).isEqualTo("demo-1");
        assertThat(report.runs(12)).isTrue();
        assertThat(report.refused().orElseThrow())
                .isEqualTo(new AgentReport.Refusal(OptionalLong.of(13), List.of("a", "b")));
        assertThat(report.modes()).isEqualTo(new AgentReport.AgentModes(true, "hybrid", true, "raft"));
        assertThat(report.swimFallbackActive()).isTrue();
        assertThat(report.raftFallbackActive()).isFalse();
        assertThat(report.leader()).contains("demo-2");
        assertThat(report.epoch()).isEqualTo(31);
        assertThat(report.source()).contains("raft");
        assertThat(report.raft())
                .contains(new AgentReport.RaftPeer(
                        false,
                        Optional.of("Data loss: a majority of the disks is gone"),
                        Optional.empty(),
                        7,
                        Set.of("demo-0", "demo-1"),
                        OptionalLong.of(12_000),
                        OptionalLong.of(12_000),
                        true));
        assertThat(report.viewHash()).isEqualTo("abc");
        assertThat(report.view()).isEqualTo(Map.of("demo-0", "ALIVE", "demo-1", "ALIVE", "demo-2", "SUSPECTED"));
    }

    @Test
    void timeAloneMakesNoOtherReport() {
        String document = "{\"node_id\": \"demo-1\", \"uptime_seconds\": %s}";
        assertThat(StatusDocument.read(document.formatted("1.0")))
                .isEqualTo(StatusDocument.read(document.formatted("2.0")));
    }

    @Test
    void whatIsMissingIsUnknown() {
        AgentReport report = StatusDocument.read("{\"node_id\": \"demo-1\"}");
        assertThat(report.generation()).isEmpty();
        assertThat(report.leader()).isEmpty();
        assertThat(report.refused()).isEmpty();
        assertThat(report.view()).containsExactly(Map.entry("demo-1", "ALIVE"));
    }

    @Test
    void boundsWhatARefusalMaySay() {
        String problems = "\"" + "x".repeat(10_000) + "\",".repeat(1) + "\"p\"" + ",\"p\"".repeat(1_000);
        AgentReport report = StatusDocument.read(
                "{\"node_id\": \"d\", \"config\": {\"refused\": {\"problems\": [" + problems + "]}}}");
        assertThat(report.refused().orElseThrow().problems()).hasSize(20).allMatch(text -> text.length() < 600);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "[]",
                "{}",
                "{\"node_id\": \"a\", \"leader\": \"me\"}",
                "{\"node_id\": \"a\", \"config\": {\"generation\": \"one\"}}",
                "{\"node_id\": \"a\", \"peers\": {}}"
            })
    void refusesWhatIsNoStatus(String body) {
        assertThatThrownBy(() -> StatusDocument.read(body))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the agent's status");
    }

    @Test
    void readsWhereARaftPeerIs() {
        RaftStanding standing = StatusDocument.raft("""
                {"role": "follower", "commit_index": 7, "applied_index": 5, "voters": ["demo-0", "demo-1"], "more": 1}
                """);
        assertThat(standing)
                .isEqualTo(new RaftStanding(
                        "follower", OptionalLong.of(7), OptionalLong.of(5), Set.of("demo-0", "demo-1")));
        assertThat(standing.votes()).isTrue();
        assertThat(standing.leads()).isFalse();

        RaftStanding off = StatusDocument.raft("{\"raft_enabled\": false, \"commit_index\": null}");
        assertThat(off).isEqualTo(new RaftStanding("none", OptionalLong.empty(), OptionalLong.empty(), Set.of()));
        assertThat(off.votes()).isFalse();
        assertThatThrownBy(() -> StatusDocument.raft("[]")).isInstanceOf(IllegalArgumentException.class);
    }
}
