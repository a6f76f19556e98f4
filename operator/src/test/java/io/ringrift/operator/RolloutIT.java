package io.ringrift.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.ringrift.operator.api.ConsensusStatus;
import io.ringrift.operator.api.HistoryEntry;
import io.ringrift.operator.api.Phase;
import io.ringrift.operator.kube.FakeAgent;
import io.ringrift.operator.kube.KubeApi;
import io.ringrift.operator.kube.SharedKubeApi;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The staged roll-out on a real API server, with agents on loopback and an operator that is killed on the way. */
@ExtendWith(SharedKubeApi.class)
class RolloutIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
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
    void walksAllStagesUpAndDownAndSwitchesConsensusInTwoPhases() {
        String namespace = api.newNamespace();
        try (var _ = RunningOperator.in(api, namespace);
                var cluster = new TestCluster(client, namespace, "walk")
                        .create("{stage: 0, replicas: 5, rollout: {soak: 0s, verify: 1s, steps: ['100%']}}")
                        .run(5)) {
            cluster.awaitCondition("Ready", "True");
            String workload = cluster.workload().get().getMetadata().getResourceVersion();
            cluster.edit("{stage: 4}");
            awaitStage(cluster, 4);
            cluster.awaitCondition("Ready", "True");

            assertThat(cluster.nodes.agents())
                    .allSatisfy(agent -> assertThat(agent.modes())
                            .containsExactly(
                                    "http bully",
                                    "hybrid bully",
                                    "swim bully",
                                    "swim bully with Raft",
                                    "swim hybrid with Raft",
                                    "swim hybrid with Raft",
                                    "swim raft with Raft"));
            assertThat(cluster.status().consensus())
                    .isEqualTo(new ConsensusStatus(
                            "raft", "walk-0", 1L, "raft", 3L, List.of("walk-0", "walk-1", "walk-2"), false));
            assertThat(cluster.status().history())
                    .extracting(HistoryEntry::stage)
                    .containsExactly(4, 3, 2, 1, 0);

            cluster.edit("{stage: 0}");
            awaitStage(cluster, 0);
            assertThat(cluster.nodes.agents())
                    .allSatisfy(agent -> assertThat(agent.modes()).hasSize(8).endsWith("http bully"));
            cluster.awaitStatus("Bully decides", status -> status.consensus().fallbackActive());
            assertThat(cluster.workload().get().getMetadata().getResourceVersion())
                    .isEqualTo(workload);
        }
    }

    @Test
    void lostDataIsSaidAndTheRecoveryGenerationReachesEveryAgent() {
        String namespace = api.newNamespace();
        try (var _ = RunningOperator.in(api, namespace);
                var cluster = new TestCluster(client, namespace, "lost")
                        .create("{stage: 0, replicas: 3, consensus: {mode: raft}}")
                        .run(3)) {
            cluster.awaitCondition("DataLoss", "False");
            cluster.nodes.agents().forEach(agent -> agent.failRaft("Data loss: a majority of the disks is gone", true));
            cluster.awaitCondition("DataLoss", "True");
            // The agents fail one after the other: a look between them names those that it saw.
            await("all three are named")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    cluster.condition("DataLoss").getMessage())
                            .startsWith("lost-0, lost-1, lost-2: ")
                            .contains("a majority of the disks is gone", "spec.consensus.recoveryGeneration to 1"));
            await("the event")
                    .atMost(PATIENCE)
                    .until(() -> cluster.events("DataLoss").size() == 1);

            cluster.edit("{consensus: {recoveryGeneration: 1}}");
            await("the recovery generation")
                    .atMost(PATIENCE)
                    .until(() -> cluster.nodes.agents().stream()
                            .allMatch(agent -> "1".equals(agent.key("RINGRIFT_RAFT_RECOVERY_GENERATION"))));
            cluster.nodes.agents().forEach(agent -> agent.failRaft(null, false));
            cluster.awaitCondition("DataLoss", "False");
            await("the event")
                    .atMost(PATIENCE)
                    .until(() -> cluster.events("DataRecovered").size() == 1);
        }
    }

    @Test
    void votersOfARunningGroupChangeInTwoPhases() {
        String namespace = api.newNamespace();
        try (var _ = RunningOperator.in(api, namespace);
                var cluster = new TestCluster(client, namespace, "voters")
                        .create("{stage: 0, replicas: 5, consensus: {mode: raft}, rollout: {verify: 1s}}")
                        .run(5)) {
            cluster.awaitCondition("Ready", "True");
            cluster.edit("{consensus: {voterNames: [voters-2, voters-3, voters-4]}}");
            cluster.awaitStatus(
                    "both",
                    status -> status.rollout().nextVoters().equals(List.of("voters-2", "voters-3", "voters-4")));
            await("all five")
                    .atMost(PATIENCE)
                    .until(() -> "voters-0,voters-1,voters-2,voters-3,voters-4"
                            .equals(cluster.nodes.agent(0).key("RAFT_VOTERS")));
            cluster.awaitStatus(
                    "the new ones",
                    status -> status.rollout().voters().equals(List.of("voters-2", "voters-3", "voters-4")));
            assertThat(cluster.nodes.agents())
                    .extracting(agent -> agent.key("RAFT_VOTERS"))
                    .containsOnly("voters-2,voters-3,voters-4");
            assertThat(cluster.status().history().getFirst().reason()).isEqualTo("VotersChanged");
        }
    }

    @Test
    void aVotersPodStaysUntilTheGroupHasLetItGo() {
        String namespace = api.newNamespace();
        try (var _ = RunningOperator.in(api, namespace);
                var cluster = new TestCluster(client, namespace, "smaller")
                        .create("{stage: 0, replicas: 3, consensus: {mode: raft}, rollout: {verify: 2s}}")
                        .run(3)) {
            cluster.awaitCondition("Ready", "True");
            cluster.edit("{replicas: 1}");
            cluster.awaitStatus(
                    "the voters go first",
                    status -> status.rollout().nextVoters().equals(List.of("smaller-0")));
            assertThat(cluster.workload().get().getSpec().getReplicas()).isEqualTo(3);
            cluster.awaitStatus(
                    "the group has let them go",
                    status -> status.rollout().voters().equals(List.of("smaller-0")));
            await("the pods after them")
                    .atMost(PATIENCE)
                    .until(() -> cluster.workload().get().getSpec().getReplicas() == 1);
            assertThat(cluster.nodes.agent(0).key("RAFT_VOTERS")).isEqualTo("smaller-0");
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
            assertThat(cluster.status().rollout().message())
                    .matches("stage 1 of 2 not before \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");

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

    private static void awaitStage(TestCluster cluster, int stage) {
        await("stage " + stage)
                .atMost(PATIENCE)
                .until(() -> Integer.valueOf(stage).equals(cluster.status().stage()));
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
