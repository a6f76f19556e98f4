package io.ringrift.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.ringrift.operator.kube.KubeApi;
import io.ringrift.operator.kube.SharedKubeApi;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods that follow an edited template, on a real API server: its Eviction API, its disruption budgets. */
@ExtendWith(SharedKubeApi.class)
class PodRollIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String MORE_MEMORY = "{agent: {resources: {limits: {memory: 200Mi}}}}";

    private static KubernetesClient client;
    private static String namespace;
    private static RunningOperator operator;

    @BeforeAll
    static void start(KubeApi api) {
        client = api.client();
        namespace = api.newNamespace();
        operator = RunningOperator.in(api, namespace);
    }

    @AfterAll
    static void stop() {
        operator.close();
    }

    @Test
    void theBudgetIsKeptAndTheLeaderGoesLast() {
        try (var cluster = new TestCluster(client, namespace, "bully")
                .create("{stage: 0, replicas: 3}")
                .run(3)) {
            cluster.nodes.elect(1, 1);
            cluster.nodes.budgetIsOpen(false);
            cluster.nodes.control(cluster.port);
            cluster.awaitCondition("Ready", "True");

            cluster.edit(MORE_MEMORY);
            awaitMessage(cluster, "Rolling pods: 0 of 3 run the new template; the disruption budget keeps bully-2");
            assertThat(cluster.condition("Progressing").getReason()).isEqualTo("RollingPods");
            assertThat(cluster.nodes.replaced()).isEmpty();

            cluster.nodes.budgetIsOpen(true);
            awaitRolled(cluster);
            assertThat(cluster.nodes.replaced()).containsExactly("bully-2", "bully-0", "bully-1");
            await("events")
                    .atMost(PATIENCE)
                    .until(() -> cluster.events("PodEvicted").size() == 3
                            && cluster.events("PodsUpdated").size() == 1);
        }
    }

    @Test
    void withRaftVotersGoWhenAllOthersHaveCaughtUpAndTheLeaderAfterItHandedOver() {
        try (var cluster = new TestCluster(client, namespace, "raft")
                .create("{stage: 0, replicas: 4, consensus: {mode: raft, voters: 3}}")
                .run(4)) {
            cluster.nodes.agent(1).behind(true);
            cluster.nodes.control(cluster.port);
            cluster.awaitCondition("Ready", "True");

            cluster.edit(MORE_MEMORY);
            awaitMessage(cluster, "raft-2 may not go while raft-1 does not keep up with Raft's leader");
            assertThat(cluster.nodes.replaced()).as("who has no vote").containsExactly("raft-3");

            cluster.nodes.agent(1).behind(false);
            awaitRolled(cluster);
            assertThat(cluster.nodes.replaced()).containsExactly("raft-3", "raft-2", "raft-1", "raft-0");
            assertThat(cluster.events("LeadershipHandOver"))
                    .singleElement()
                    .satisfies(event ->
                            assertThat(event.getMessage()).contains("raft-0 to hand leadership over to raft-1"));
        }
    }

    @Test
    void aBrokenTemplateTakesOnePodAndANewerEditIsFollowed() {
        try (var cluster = new TestCluster(client, namespace, "broken")
                .create("{stage: 0, replicas: 3}")
                .run(3)) {
            cluster.nodes.newPodsAreReady(false);
            cluster.nodes.control(cluster.port);
            cluster.awaitCondition("Ready", "True");

            cluster.edit(MORE_MEMORY);
            awaitMessage(cluster, "broken-2 is not ready with the new template");
            assertThat(cluster.nodes.replaced()).containsExactly("broken-2");

            cluster.nodes.newPodsAreReady(true);
            cluster.edit("{agent: {resources: {limits: {memory: 300Mi}}}}");
            awaitRolled(cluster);
            assertThat(cluster.nodes.replaced()).containsExactly("broken-2", "broken-2", "broken-1", "broken-0");
        }
    }

    @Test
    void aRestartThatIsAskedForInKubernetesOwnWayIsDoneInOurs() {
        try (var cluster = new TestCluster(client, namespace, "restart")
                .create("{stage: 0, replicas: 1}")
                .run(1)) {
            cluster.nodes.control(cluster.port);
            cluster.awaitCondition("Ready", "True");

            client.apps()
                    .statefulSets()
                    .inNamespace(namespace)
                    .withName("restart")
                    .rolling()
                    .restart();
            await("the pod")
                    .atMost(PATIENCE)
                    .until(() -> cluster.nodes.replaced().size() == 1);
            awaitRolled(cluster);
        }
    }

    private static void awaitMessage(TestCluster cluster, String words) {
        await(words)
                .atMost(PATIENCE)
                .until(() -> cluster.condition("PodsUpdated").getMessage(), message -> message.contains(words));
    }

    private static void awaitRolled(TestCluster cluster) {
        await("every pod from the new template")
                .atMost(PATIENCE)
                .until(() -> cluster.condition("PodsUpdated").getStatus().equals("True")
                        && cluster.condition("Ready").getStatus().equals("True")
                        && cluster.status().observedGeneration()
                                == cluster.get().getMetadata().getGeneration());
    }
}
