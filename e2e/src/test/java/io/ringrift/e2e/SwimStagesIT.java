package io.ringrift.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Stages 1 and 2 by editing one field, the faults they are for, and back. */
@OnKubernetes
@Order(4)
class SwimStagesIT {

    private static final int PODS = 5;
    private static final int SWIM_PORT = 7947;
    /** What SWIM promises is 5 s; the rest is for the operator's status, kubectl and a busy machine. */
    private static final Duration NOTICED = Duration.ofSeconds(8);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Kubernetes kubernetes;
    private static RingRift ring;

    @BeforeAll
    static void apply(Kubernetes given, Release release) {
        kubernetes = given;
        ring = RingRift.of(given, "stages", "ring", """
                {stage: 0, replicas: %d, rollout: {soak: 0s, verify: 1s, steps: ["1", "100%%"]}, agent: {resources: {requests: {cpu: 10m}}}}
                """.formatted(PODS));
        ring.awaitReadyWith(PODS);
    }

    @AfterAll
    static void remove() {
        ring.close();
    }

    @Test
    @Order(1)
    void walksUpAndDownWithoutRestartingAnything() {
        var lives = ring.lives();

        ring.walkTo(2);
        assertThat(ring.column("STAGE")).isEqualTo("2");
        assertThat(ring.column("MEMBERSHIP")).isEqualTo("swim");
        assertThat(ring.column("ALIVE")).isEqualTo("5/5");
        everyAgentIn("swim");

        ring.walkTo(0);
        everyAgentIn("http");
        ring.walkTo(1);
        everyAgentIn("hybrid");

        assertThat(ring.lives()).isEqualTo(lives);
        assertThat(ring.status().at("/history/0/result").asText()).isEqualTo("Succeeded");
    }

    @Test
    @Order(2)
    void fallsBackToPollingWhileUdpIsBlockedAndSaysWhy() {
        var faults = faults();
        Pod blocked = ring.pod("ring-3");
        var lives = ring.lives();

        faults.blockUdp(blocked, SWIM_PORT);
        try {
            await().atMost(PATIENCE).untilAsserted(() -> {
                JsonNode fallback = ring.agent("ring-3", "/status").at("/fallback/membership");
                assertThat(fallback.path("active").asBoolean())
                        .as("%s", fallback)
                        .isTrue();
                assertThat(fallback.path("reason").asText()).contains("UDP");
                assertThat(ring.status().at("/membership/fallbackActive").asBoolean())
                        .isTrue();
                assertThat(member("ring-0", "ring-3").path("udp_unreachable").asBoolean())
                        .isTrue();
            });
            assertThat(ring.column("ALIVE")).isEqualTo("5/5");
        } finally {
            faults.heal(blocked);
        }

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(ring.agent("ring-3", "/status")
                            .at("/fallback/membership/active")
                            .asBoolean())
                    .isFalse();
            assertThat(ring.status().at("/membership/fallbackActive").asBoolean())
                    .isFalse();
            assertThat(member("ring-0", "ring-3").path("udp_unreachable").asBoolean())
                    .isFalse();
        });
        assertThat(ring.lives()).isEqualTo(lives);
    }

    @Test
    @Order(3)
    void goesBackByItselfWhenACanaryFailsAndDoesNotTryAgain() {
        var faults = faults();
        ring.awaitReadyWith(PODS);
        Pod canary = ring.pod("ring-4");

        // Long enough to verify that the fault is seen before the step is called good.
        ring.kubectl("patch", "rrc", "ring", "--type=merge", "-p", """
                        {"spec": {"stage": 2, "rollout": {"verify": "20s"}}}""").ok();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> ring.status().at("/rollout/updated").asInt() == 1);
        faults.blockUdp(canary, SWIM_PORT);
        try {
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(ring.status().path("phase").asText()).isEqualTo("Degraded");
                assertThat(ring.status().at("/history/0/result").asText()).isNotEqualTo("Succeeded");
                assertThat(ring.condition("Degraded").path("message").asText()).contains("ring-4");
            });
        } finally {
            faults.heal(canary);
        }

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(ring.status().at("/summary/alive").asText()).isEqualTo("5/5"));
        everyAgentIn("hybrid");
        assertThat(ring.column("STAGE")).as("stays back until the spec changes").isEqualTo("1->2");
        ring.kubectl("patch", "rrc", "ring", "--type=merge", "-p", """
                        {"spec": {"stage": 1, "rollout": {"verify": "1s"}}}""").ok();
        ring.awaitReadyWith(PODS);
        ring.walkTo(2);
    }

    @Test
    @Order(4)
    void noticesAKilledPodWithinSeconds() {
        var faults = faults();
        Pod victim = ring.pod(ring.leader().equals("ring-1") ? "ring-2" : "ring-1");

        faults.kill(victim);
        long killed = System.nanoTime();
        try {
            await().atMost(NOTICED)
                    .pollInterval(Duration.ofMillis(100))
                    .untilAsserted(() -> assertThat(ring.column("ALIVE")).isEqualTo("4/5"));
            System.out.printf("killed -> ALIVE 4/5 in kubectl get rrc: %.1f s%n", (System.nanoTime() - killed) / 1e9);
        } finally {
            faults.resume(victim);
        }
        ring.awaitReadyWith(PODS);
    }

    @Test
    @Order(5)
    void noticesANodeWithoutPowerWithinSeconds(Release release) {
        var faults = faults();
        // The API server is on the first node, and who says what was noticed is on the operator's.
        String operators = release.node();
        Pod victim = ring.pods().stream()
                .filter(pod -> !pod.getSpec().getNodeName().endsWith("-1")
                        && !pod.getSpec().getNodeName().equals(operators))
                .findFirst()
                .orElseThrow();
        long there = ring.pods().stream()
                .filter(pod ->
                        pod.getSpec().getNodeName().equals(victim.getSpec().getNodeName()))
                .count();

        faults.crashNodeOf(victim);
        long crashed = System.nanoTime();
        try {
            await().atMost(NOTICED)
                    .pollInterval(Duration.ofMillis(100))
                    .untilAsserted(() -> assertThat(ring.column("ALIVE")).isEqualTo((PODS - there) + "/" + PODS));
            System.out.printf(
                    "plug pulled -> ALIVE %d/5 in kubectl get rrc: %.1f s%n",
                    PODS - there, (System.nanoTime() - crashed) / 1e9);
        } finally {
            faults.bootNodeOf(victim);
        }
        ring.awaitReadyWith(PODS);
    }

    private static Faults faults() {
        var faults = kubernetes.faults();
        Assumptions.assumeTrue(faults.isPresent(), "faults below Kubernetes need a cluster that e2e/kube made");
        return faults.orElseThrow();
    }

    /** All agents are in the mode, say so of each other, and have one view of the cluster. */
    private static void everyAgentIn(String mode) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            var views = Stream.of("ring-0", "ring-1", "ring-2", "ring-3", "ring-4")
                    .map(pod -> ring.agent(pod, "/status"))
                    .toList();
            assertThat(views)
                    .allSatisfy(status -> {
                        assertThat(status.at("/swim_raft/membership_mode").asText())
                                .isEqualTo(mode);
                        assertThat(status.path("peers").valueStream())
                                .hasSize(PODS - 1)
                                .allSatisfy(peer -> assertThat(Map.of(
                                                "state", peer.path("state").asText(),
                                                "mode",
                                                        peer.path("membership_mode")
                                                                .asText()))
                                        .isEqualTo(Map.of("state", "ALIVE", "mode", mode)));
                    })
                    .extracting(status -> status.path("view_hash").asText())
                    .containsOnly(views.getFirst().path("view_hash").asText());
        });
    }

    /** What an agent says of another member. */
    private static JsonNode member(String asked, String about) {
        return ring.agent(asked, "/members")
                .path("members")
                .valueStream()
                .filter(member -> member.path("node_id").asText().equals(about))
                .findFirst()
                .orElseThrow();
    }
}
