package io.ringrift.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.ringrift.operator.kube.FakeAgent;
import io.ringrift.operator.kube.KubeApi;
import io.ringrift.operator.kube.SharedKubeApi;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A new leader is known from the agents' events, long before any of them is asked again. */
@ExtendWith(SharedKubeApi.class)
class LeaderEventsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void aNewLeaderReachesTheStatusAndTheLeadersService(KubeApi api) {
        String namespace = api.newNamespace();
        try (var _ = RunningOperator.thatRarelyLooks(api, namespace);
                var cluster = new TestCluster(api.client(), namespace, "events")
                        .create("{stage: 0, replicas: 5}")
                        .run(5)) {
            await("the first leader")
                    .atMost(PATIENCE)
                    .until(() -> labelled(cluster).equals(List.of("events-0")));
            await("a few streams, not all")
                    .atMost(PATIENCE)
                    .until(() -> cluster.nodes.agents().stream()
                                    .mapToInt(FakeAgent::followers)
                                    .sum()
                            == 3);
            assertThat(cluster.nodes.agent(0).followers()).as("the leader's").isEqualTo(1);

            long elected = System.nanoTime();
            cluster.nodes.elect(4, 2);
            await("the new leader's label")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> labelled(cluster).equals(List.of("events-4")));
            await("the new leader in the status")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> "events-4".equals(cluster.status().consensus().leader()));
            System.out.printf(
                    "a new leader -> its pod's label and the status: %d ms (5 agents, looked at every 10 min)%n",
                    (System.nanoTime() - elected) / 1_000_000);
            assertThat(cluster.status().consensus().epoch()).isEqualTo(2);
        }
    }

    /** Its agent is told to end only when the workload has, which may take the pod's whole grace period. */
    @Test
    void aLeaderWhosePodIsDeletedIsAskedOnceToHandOver(KubeApi api) {
        String namespace = api.newNamespace();
        try (var _ = RunningOperator.thatRarelyLooks(api, namespace);
                var cluster = new TestCluster(api.client(), namespace, "leaving")
                        .create("{stage: 0, replicas: 3}")
                        .run(3)) {
            await("the first leader")
                    .atMost(PATIENCE)
                    .until(() -> labelled(cluster).equals(List.of("leaving-0")));
            cluster.client
                    .pods()
                    .inNamespace(namespace)
                    .withName("leaving-0")
                    .withGracePeriod(3_600)
                    .delete();
            await("to be asked")
                    .atMost(PATIENCE)
                    .until(() -> cluster.nodes.agent(0).drains() == 1);
            await("the event")
                    .atMost(PATIENCE)
                    .until(() -> !cluster.events("LeadershipHandOver").isEmpty());

            cluster.nodes.elect(2, 2);
            await("the new leader in the status")
                    .atMost(PATIENCE)
                    .until(() -> "leaving-2".equals(cluster.status().consensus().leader()));
            await("agreement of all that are followed")
                    .atMost(PATIENCE)
                    .until(() -> !cluster.status().rollout().message().contains("different leaders"));
            assertThat(cluster.nodes.agents()).extracting(FakeAgent::drains).containsExactly(1, 0, 0);
        }
    }

    private static List<String> labelled(TestCluster cluster) {
        return cluster
                .client
                .pods()
                .inNamespace(cluster.namespace)
                .withLabel("ringrift.io/role", "leader")
                .list()
                .getItems()
                .stream()
                .map((Pod pod) -> pod.getMetadata().getName())
                .toList();
    }
}
