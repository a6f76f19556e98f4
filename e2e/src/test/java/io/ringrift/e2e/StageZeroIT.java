package io.ringrift.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What the README promises: install by Helm, apply the sample, lose the leader. */
@OnKubernetes
@Order(1)
class StageZeroIT {

    private static final Duration FAILOVER = Duration.ofSeconds(60);

    private static RingRift demo;

    @BeforeAll
    static void applyTheSample(Kubernetes kubernetes, Release release) {
        demo = RingRift.fromFile(kubernetes, "demo", Tools.project("samples/demo.yaml"), "demo");
        demo.awaitReady();
    }

    @AfterAll
    static void remove() {
        demo.close();
    }

    @Test
    @Order(1)
    void showsTheClusterInOneLine() {
        demo.awaitReadyWith(5);
        var lines = demo.kubectl("get", "rrc").ok().strip().split("\n");

        assertThat(lines).hasSize(2);
        assertThat(lines[0].split(" +"))
                .containsExactly("NAME", "STAGE", "MEMBERSHIP", "CONSENSUS", "READY", "ALIVE", "LEADER", "AGE");
        assertThat(lines[1]).matches("demo +0 +http +bully +5/5 +5/5 +demo-[0-4] +\\d+\\w+ *");
        assertThat(demo.kubectl("get", "rrc", "-o", "wide").ok())
                .contains("EPOCH", "TERM", "VOTERS", "PHASE", "Stable");
        assertThat(demo.kubectl("wait", "--for=jsonpath={.status.stage}=0", "rrc/demo", "--timeout=5s")
                        .ok())
                .contains("condition met");
        assertThat(demo.kubectl("get", "all").ok()).contains("ringriftcluster.ringrift.io/demo");
    }

    @Test
    @Order(2)
    void makesWhatWasPromisedAllUnderTheClustersLabel() {
        assertThat(demo.objects())
                .contains(
                        "configmap/demo-runtime",
                        "networkpolicy.networking.k8s.io/demo",
                        "pod/demo-0",
                        "pod/demo-4",
                        "poddisruptionbudget.policy/demo",
                        "secret/demo-credential",
                        "secret/demo-gossip",
                        "secret/demo-tls",
                        "service/demo",
                        "service/demo-leader",
                        "service/demo-peers",
                        "statefulset.apps/demo");
    }

    @Test
    @Order(3)
    void answersOnThePodsLoopbackAddressAsTheGuideShows() {
        var status = demo.agent("demo-2", "/status");
        var block = status.path("swim_raft");

        assertThat(block.path("membership_mode").asText()).isEqualTo("http");
        assertThat(block.path("consensus_mode").asText()).isEqualTo("bully");
        assertThat(block.at("/swim/enabled").asBoolean(true)).isFalse();
        assertThat(block.at("/swim/available").asBoolean(true)).isFalse();
        assertThat(List.of(
                        block.at("/swim/members").asInt(-1),
                        block.at("/swim/alive").asInt(-1),
                        block.at("/swim/suspected").asInt(-1),
                        block.at("/swim/failed").asInt(-1)))
                .containsOnly(0);
        assertThat(block.at("/raft/enabled").asBoolean(true)).isFalse();
        assertThat(block.at("/raft/available").asBoolean(true)).isFalse();
        assertThat(block.at("/hybrid_status/swim_fallback_active").asBoolean(true))
                .isFalse();
        assertThat(block.at("/hybrid_status/raft_fallback_active").asBoolean()).isTrue();

        assertThat(status.path("node_id").asText()).isEqualTo("demo-2");
        assertThat(status.path("cluster").asText()).isEqualTo("demo/demo");
        assertThat(status.path("peers").size()).isEqualTo(4);
        assertThat(status.at("/leader/id").asText()).isEqualTo(demo.leader());
        assertThat(status.at("/leader/epoch").asLong()).isEqualTo(demo.epoch());
        assertThat(status.at("/config/refused").isNull()).isTrue();
    }

    @Test
    @Order(4)
    void anotherMemberLeadsWhenTheLeadersPodIsDeleted() {
        String before = demo.column("LEADER");
        long epoch = demo.epoch();
        awaitLeaderServiceBehind(before);

        demo.kubectl("delete", "pod", before, "--wait=false").ok();

        await().atMost(FAILOVER)
                .untilAsserted(() ->
                        assertThat(demo.column("LEADER")).startsWith("demo-").isNotEqualTo(before));
        String after = demo.column("LEADER");
        assertThat(demo.epoch()).isGreaterThan(epoch);
        awaitLeaderServiceBehind(after);
        demo.awaitReadyWith(5);
        assertThat(demo.leader())
                .as("who leads is not deposed by the one that came back")
                .isEqualTo(after);
        assertThat(demo.kubectl("get", "events").ok()).contains("LeaderElected");
    }

    private static void awaitLeaderServiceBehind(String pod) {
        await().atMost(FAILOVER)
                .untilAsserted(() -> assertThat(demo.behind("demo-leader")).containsExactly(pod));
    }
}
