package io.ringrift.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What people and accidents do to the parts of a cluster, and how it is put right. */
@OnKubernetes
@Order(4)
class RepairIT {

    private static final Duration REPAIRED = Duration.ofSeconds(30);

    private static RingRift cluster;

    @BeforeAll
    static void apply(Kubernetes kubernetes, Release release) {
        cluster = RingRift.of(kubernetes, "repair", "tough", "{stage: 0, replicas: 3}");
    }

    @BeforeEach
    void isWell() {
        cluster.awaitReadyWith(3);
    }

    @AfterAll
    static void remove() {
        cluster.close();
    }

    @Test
    @Order(1)
    void bringsBackAServiceThatWasDeleted() {
        var lives = cluster.lives();
        cluster.kubectl("delete", "service", "tough-peers", "tough-leader").ok();

        await().atMost(REPAIRED)
                .untilAsserted(
                        () -> assertThat(cluster.objects()).contains("service/tough-peers", "service/tough-leader"));
        await().atMost(REPAIRED)
                .untilAsserted(() -> assertThat(cluster.behind("tough-leader")).containsExactly(cluster.leader()));
        assertThat(cluster.lives()).isEqualTo(lives);
    }

    @Test
    @Order(2)
    void undoesWhatWasEditedByHand() {
        var lives = cluster.lives();
        String peers = cluster.runtime().getData().get("RINGRIFT_PEERS");
        cluster.kubectl(
                        "patch",
                        "configmap",
                        "tough-runtime",
                        "--type=merge",
                        "-p",
                        "{\"data\":{\"RINGRIFT_PEERS\":\"\"}}")
                .ok();
        cluster.kubectl("scale", "statefulset", "tough", "--replicas=4").ok();

        await().atMost(REPAIRED).untilAsserted(() -> {
            assertThat(cluster.runtime().getData()).containsEntry("RINGRIFT_PEERS", peers);
            assertThat(cluster.statefulSet().getSpec().getReplicas()).isEqualTo(3);
        });
        // A kubelet that is told to end a pod in the moment in which it starts it lets it live for the whole grace
        // period, 30 s.
        await().atMost(REPAIRED.multipliedBy(2))
                .untilAsserted(() -> assertThat(cluster.lives()).isEqualTo(lives));
    }

    @Test
    @Order(3)
    void scalesByTheScaleSubresource() {
        var lives = cluster.lives();
        cluster.kubectl("scale", "rrc/tough", "--replicas=4").ok();
        cluster.awaitReadyWith(4);
        assertThat(cluster.lives()).containsAllEntriesOf(lives);

        cluster.kubectl("scale", "rrc/tough", "--replicas=3").ok();
        cluster.awaitReadyWith(3);
        // The pod that goes is still there while it says goodbye.
        await().atMost(REPAIRED)
                .untilAsserted(() -> assertThat(cluster.lives())
                        .as("nobody else was restarted")
                        .isEqualTo(lives));
    }

    @Test
    @Order(4)
    void isNotDisturbedByABrokenNeighbour() {
        var lives = cluster.lives();
        String spec = "{stage: 0, replicas: 1, template: {spec: {containers: [{name: w, image: none.invalid/none:1,"
                + " volumeMounts: [{name: missing, mountPath: /data}]}]}}}";
        var broken = cluster.beside("broken", spec);
        await().atMost(REPAIRED).untilAsserted(() -> {
            assertThat(broken.condition("TemplateAccepted").path("status").asText())
                    .isEqualTo("False");
            assertThat(broken.condition("TemplateAccepted").path("message").asText())
                    .contains("missing");
        });
        // The operator still has time for the others.
        cluster.kubectl("delete", "service", "tough").ok();
        await().atMost(REPAIRED)
                .untilAsserted(() -> assertThat(cluster.objects()).contains("service/tough"));
        assertThat(cluster.lives()).isEqualTo(lives);
        cluster.kubectl("delete", "rrc", "broken").ok();
    }

    @Test
    @Order(5)
    void outlivesItsOperator(Kubernetes kubernetes) {
        var lives = cluster.lives();
        kubernetes
                .kubectl(
                        "delete",
                        "pod",
                        "-n",
                        Release.NAMESPACE,
                        "-l",
                        "app.kubernetes.io/component=operator",
                        "--grace-period=0",
                        "--force")
                .ok();
        cluster.kubectl("delete", "service", "tough").ok();

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(cluster.objects()).contains("service/tough"));
        assertThat(cluster.lives()).isEqualTo(lives);
    }

    @Test
    @Order(6)
    void bringsBackTheWholeStatefulSet() {
        long epoch = cluster.epoch();
        cluster.kubectl("delete", "statefulset", "tough").ok();

        await().atMost(REPAIRED).until(() -> cluster.statefulSet() != null);
        cluster.awaitReadyWith(3);
        assertThat(cluster.epoch())
                .as("epochs never go back, even when every pod is new")
                .isGreaterThanOrEqualTo(epoch);
    }
}
