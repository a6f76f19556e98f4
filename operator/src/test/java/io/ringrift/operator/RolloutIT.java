package io.ringrift.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.ringrift.operator.api.HistoryEntry;
import io.ringrift.operator.api.Phase;
import io.ringrift.operator.kube.FakeAgent;
import io.ringrift.operator.kube.KubeApi;
import io.ringrift.operator.kube.SharedKubeApi;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The staged roll-out on a real API server, with agents on loopback and an operator that is killed on the way. */
@ExtendWith(SharedKubeApi.class)
class RolloutIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CAREFUL = "rollout: {soak: 0s, verify: 1s, steps: ['1', '100%']}";

    private static KubeApi api;
    private static KubernetesClient client;

    @BeforeAll
    static void start(KubeApi started) {
        api = started;
        client = started.client();
    }

    @Test
    void aFaultInTheCanaryRollsBackAndIsNotTriedAgainUntilTheSpecChanges() {
        String namespace = api.newNamespace();
        try (var _ = RunningOperator.in(api, namespace);
                var cluster = new TestCluster(client, namespace, "fault")
                        .create("{stage: 0, replicas: 3, " + CAREFUL + "}")
                        .run(3)) {
            cluster.awaitCondition("Ready", "True");
            cluster.nodes.agent(2).fallBack("UDP 7947 is blocked");
            cluster.edit("{stage: 2}");
            cluster.awaitStatus("the canary", status -> status.phase() == Phase.CANARY);
            assertThat(modes(cluster)).containsExactlyInAnyOrder("hybrid", "http", "http");
            assertThat(cluster.nodes.mounted()).containsEntry("canary.nodes", "fault-2");

            await("the way back").atMost(PATIENCE).until(() -> cluster.status().phase() == Phase.DEGRADED);
            assertThat(modes(cluster)).containsOnly("http");
            assertThat(cluster.nodes.mounted()).doesNotContainKey("canary.nodes");
            assertThat(cluster.status().stage()).isZero();
            assertThat(cluster.condition("Degraded").getMessage()).contains("UDP 7947 is blocked", "not tried again");
            assertThat(cluster.status().history())
                    .first()
                    .extracting(HistoryEntry::result)
                    .isEqualTo("RolledBack");

            cluster.nodes.agent(2).fallBack(null);
            cluster.edit("{stage: 1}");
            await("stage 1")
                    .atMost(PATIENCE)
                    .until(() -> Integer.valueOf(1).equals(cluster.status().stage()));
            cluster.awaitCondition("Degraded", "False");
        }
    }

    @Test
    void anotherOperatorGoesOnWhereTheFirstWasKilled() {
        String namespace = api.newNamespace();
        try (var cluster = new TestCluster(client, namespace, "resume")) {
            try (var _ = RunningOperator.in(api, namespace)) {
                cluster.create("{stage: 0, replicas: 3, rollout: {soak: 0s, verify: 5s, steps: ['1', '100%']}}")
                        .run(3);
                cluster.awaitCondition("Ready", "True");
                cluster.edit("{stage: 1}");
                cluster.awaitStatus("the gates watch", status -> status.phase() == Phase.VERIFYING);
            }
            long generation = cluster.status().rollout().generation();
            try (var _ = RunningOperator.in(api, namespace)) {
                await("stage 1")
                        .atMost(PATIENCE)
                        .until(() -> Integer.valueOf(1).equals(cluster.status().stage()));
            }
            assertThat(cluster.status().rollout().generation()).isEqualTo(generation);
            assertThat(modes(cluster)).containsOnly("hybrid");
            assertThat(cluster.events("StageStarted")).hasSize(1);
        }
    }

    @Test
    void theAnnotationHoldsHurriesAndGivesUp() {
        String namespace = api.newNamespace();
        try (var _ = RunningOperator.in(api, namespace);
                var cluster = new TestCluster(client, namespace, "annotated")
                        .create("{stage: 0, replicas: 3, rollout: {soak: 1h, verify: 1s, steps: ['1', '100%']}}")
                        .run(3)) {
            cluster.awaitCondition("Ready", "True");
            cluster.edit("{stage: 2}");
            cluster.awaitStatus("the soak", status -> status.phase() == Phase.SOAKING);
            assertThat(cluster.status().rollout().message()).contains("not before");

            annotate(cluster, "promote");
            await("stage 1")
                    .atMost(PATIENCE)
                    .until(() -> Integer.valueOf(1).equals(cluster.status().stage()));
            await("the annotation is gone").atMost(PATIENCE).until(() -> annotation(cluster) == null);
            cluster.awaitStatus("the next soak", status -> status.phase() == Phase.SOAKING);

            annotate(cluster, "pause");
            cluster.awaitStatus("held", status -> status.phase() == Phase.PAUSED);
            cluster.edit("{stage: 0}");
            await("down though held")
                    .atMost(PATIENCE)
                    .until(() -> Integer.valueOf(0).equals(cluster.status().stage()));
            assertThat(modes(cluster)).containsOnly("http");

            annotate(cluster, "faster");
            cluster.awaitCondition("Degraded", "True");
            assertThat(cluster.condition("Degraded").getMessage()).contains("faster", "pause, promote and abort");
        }
    }

    private static Iterable<String> modes(TestCluster cluster) {
        return cluster.nodes.agents().stream()
                .map((FakeAgent agent) -> agent.key("RINGRIFT_MEMBERSHIP_MODE"))
                .toList();
    }

    private static void annotate(TestCluster cluster, String word) {
        cluster.resource()
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"annotations\": {\"ringrift.io/rollout\": \"" + word + "\"}}}");
    }

    private static String annotation(TestCluster cluster) {
        var annotations = cluster.get().getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get("ringrift.io/rollout");
    }
}
