package io.ringrift.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A node of Kubernetes without power, with everybody's pods on it. */
@OnKubernetes
@Isolated("takes whatever else runs on that node with it")
@Order(5)
class NodeLossIT {
    private static final int PODS = 5;

    private static Kubernetes kubernetes;
    private static RingRift ring;

    @BeforeAll
    static void apply(Kubernetes given, Release release) {
        kubernetes = given;
        ring = RingRift.of(given, "loss", "ring", """
                {stage: 0, replicas: %d, rollout: {soak: 0s, verify: 1s, steps: ["100%%"]}, agent: {resources: {requests: {cpu: 10m}}}}
                """.formatted(PODS));
        ring.awaitReadyWith(PODS);
        ring.walkTo(2);
    }

    @AfterAll
    static void remove() {
        ring.close();
    }

    @Test
    void isNoticedWithinSeconds(Release release) {
        var faults = kubernetes.faults();
        Assumptions.assumeTrue(faults.isPresent(), "faults below Kubernetes need a cluster that e2e/kube made");
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

        faults.get().crashNodeOf(victim);
        long crashed = System.nanoTime();
        try {
            await().atMost(SwimStagesIT.NOTICED)
                    .pollInterval(Duration.ofMillis(100))
                    .untilAsserted(() -> assertThat(ring.column("ALIVE")).isEqualTo((PODS - there) + "/" + PODS));
            System.out.printf(
                    "plug pulled -> ALIVE %d/5 in kubectl get rrc: %.1f s%n",
                    PODS - there, (System.nanoTime() - crashed) / 1e9);
        } finally {
            faults.get().bootNodeOf(victim);
        }
        ring.awaitReadyWith(PODS);
    }
}
