package io.ringrift.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ringrift.operator.kube.KubeApi;
import io.ringrift.operator.kube.SharedKubeApi;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A workload that somebody else owns, on a real API server: two who apply, and neither takes from the other. */
@ExtendWith(SharedKubeApi.class)
class WorkloadRefIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

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
    void waitsForTheOwnersConsentThenAddsTheAgentAndTakesItOutWhenItIsWithdrawn() {
        try (var cluster =
                new TestCluster(client, namespace, "asked").create("{stage: 0, workloadRef: {name: owned}}")) {
            cluster.awaitCondition("WorkloadAccepted", "False");
            assertThat(cluster.condition("WorkloadAccepted").getMessage()).contains("no StatefulSet owned");

            apply("owned", 2, "main", "app:1");
            awaitReason(cluster, "NotInvited");
            assertThat(cluster.condition("WorkloadAccepted").getMessage())
                    .contains("kubectl annotate statefulset owned ringrift.io/inject=asked");
            assertThat(cluster.get().getMetadata().getFinalizers()).isEmpty();
            assertThat(containers("owned")).containsExactly("main");

            invite("owned", "\"asked\"");
            cluster.awaitCondition("WorkloadAccepted", "True");
            assertThat(containers("owned")).containsExactly("ringrift-agent", "main");
            assertThat(cluster.nodes.mounted())
                    .containsEntry("RINGRIFT_PEERS", "asked-peers." + namespace + ".svc")
                    .containsEntry("RAFT_VOTERS", "owned-0");

            invite("owned", "null");
            awaitReason(cluster, "NotInvited");
            await("taken out").atMost(PATIENCE).until(() -> containers("owned"), List.of("main")::equals);
        }
    }

    @Test
    void neitherFightsWithWhatTheOwnerAppliesLaterNorOutlivesTheResource() {
        try (var cluster =
                new TestCluster(client, namespace, "trainer").create("{stage: 0, workloadRef: {name: trainer}}")) {
            apply("trainer", 3, "main", "app:1");
            StatefulSet before = workload("trainer");
            invite("trainer", "\"trainer\"");
            cluster.awaitCondition("WorkloadAccepted", "True");
            assertThat(cluster.get().getMetadata().getFinalizers()).containsExactly("ringrift.io/workload");

            cluster.run(3);
            cluster.awaitCondition("Ready", "True");
            assertThat(cluster.status().replicas()).isEqualTo(3);
            assertThat(cluster.status().consensus().voters()).containsExactly("trainer-0", "trainer-1", "trainer-2");

            // Without force: the API server itself would say if the two claimed the same field.
            apply("trainer", 4, "renamed", "app:2");
            assertThat(containers("trainer")).containsExactly("ringrift-agent", "renamed");
            cluster.awaitStatus(
                    "the new size",
                    status ->
                            status.summary() != null && status.summary().ready().endsWith("/4"));
            String version = workload("trainer").getMetadata().getResourceVersion();
            await("nothing is applied again")
                    .during(Duration.ofSeconds(3))
                    .atMost(PATIENCE)
                    .until(() -> workload("trainer")
                            .getMetadata()
                            .getResourceVersion()
                            .equals(version));

            cluster.resource().delete();
            await("the resource is gone").atMost(PATIENCE).until(() -> cluster.get() == null);
            apply("trainer", 3, "main", "app:1");
            assertThat(workload("trainer").getSpec().getTemplate())
                    .as("as if nothing had been")
                    .isEqualTo(before.getSpec().getTemplate());
        }
    }

    @Test
    void putsBackWhatSomebodyHasReplacedWholly() {
        try (var cluster =
                new TestCluster(client, namespace, "replaced").create("{stage: 0, workloadRef: {name: replaced}}")) {
            apply("replaced", 1, "main", "app:1");
            StatefulSet plain = workload("replaced");
            invite("replaced", "\"replaced\"");
            cluster.awaitCondition("WorkloadAccepted", "True");
            cluster.run(1);
            cluster.awaitCondition("Ready", "True");

            StatefulSet live = workload("replaced");
            live.setSpec(plain.getSpec());
            client.resource(live).update();
            assertThat(containers("replaced")).containsExactly("main");
            cluster.nodes.delete(0);
            await("put back")
                    .atMost(PATIENCE)
                    .until(() -> containers("replaced"), List.of("ringrift-agent", "main")::equals);
        }
    }

    private static void awaitReason(TestCluster cluster, String reason) {
        await(reason)
                .atMost(PATIENCE)
                .until(() -> cluster.condition("WorkloadAccepted").getReason(), reason::equals);
    }

    /** As its owner does, time and again. */
    private static void apply(String name, int replicas, String container, String image) {
        StatefulSet workload = Serialization.unmarshal(
                """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: %s, namespace: %s}
                spec:
                  replicas: %d
                  serviceName: own
                  selector: {matchLabels: {app: %s}}
                  template:
                    metadata: {labels: {app: %s}}
                    spec:
                      containers: [{name: %s, image: "%s", env: [{name: A, value: b}]}]
                """.formatted(name, namespace, replicas, name, name, container, image), StatefulSet.class);
        client.resource(workload).fieldManager("owner").serverSideApply();
    }

    private static void invite(String name, String cluster) {
        client.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"annotations\": {\"ringrift.io/inject\": " + cluster + "}}}");
    }

    private static StatefulSet workload(String name) {
        return client.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private static List<String> containers(String name) {
        var pod = workload(name).getSpec().getTemplate().getSpec();
        return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                .map(Container::getName)
                .toList();
    }
}
