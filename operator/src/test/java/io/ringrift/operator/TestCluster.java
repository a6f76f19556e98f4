package io.ringrift.operator;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.api.RingRiftClusterStatus;
import io.ringrift.operator.kube.FakeNodes;
import io.ringrift.operator.kube.FreePorts;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** One resource of a test, with its nodes. */
final class TestCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final KubernetesClient client;
    final String namespace;
    final String name;
    final int port = FreePorts.take();
    final FakeNodes nodes;

    TestCluster(KubernetesClient client, String namespace, String name) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.nodes = new FakeNodes(client, namespace, name);
    }

    /** Creates the resource; plain HTTP and a free port are added to the spec, which is in YAML's flow style. */
    TestCluster create(String spec) {
        String inner = spec.substring(1, spec.length() - 1);
        String yaml =
                "apiVersion: ringrift.io/v1alpha1\nkind: RingRiftCluster\nmetadata: {name: " + name + ", namespace: "
                        + namespace + "}\nspec: {" + inner + ", ports: {http: " + port + "}"
                        + (spec.contains("security:") ? "" : ", security: {tls: false}") + "}";
        client.resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .create();
        return this;
    }

    /** Waits for the workload, starts that many pods and lets the first lead. */
    TestCluster run(int replicas) {
        await("StatefulSet").atMost(PATIENCE).until(() -> workload().get() != null);
        nodes.start(port, IntStream.range(0, replicas).toArray());
        nodes.elect(0, 1);
        return this;
    }

    RingRiftCluster get() {
        return resource().get();
    }

    RingRiftClusterStatus status() {
        return get().knownStatus();
    }

    Resource<RingRiftCluster> resource() {
        return client.resources(RingRiftCluster.class).inNamespace(namespace).withName(name);
    }

    Resource<StatefulSet> workload() {
        return client.apps().statefulSets().inNamespace(namespace).withName(name);
    }

    /** A JSON merge patch of the spec, in YAML's flow style. */
    RingRiftCluster edit(String patch) {
        return resource()
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        Serialization.asJson(Serialization.unmarshal("spec: " + patch, Object.class)));
    }

    void awaitStatus(String what, Predicate<RingRiftClusterStatus> wanted) {
        await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(this::status, wanted);
    }

    void awaitCondition(String type, String status) {
        awaitStatus(
                type + " is " + status,
                now -> now.conditions().stream()
                        .anyMatch(condition -> condition.getType().equals(type)
                                && condition.getStatus().equals(status)));
    }

    Condition condition(String type) {
        return status().conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no condition " + type + " in " + status().conditions()));
    }

    List<Event> events(String reason) {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getName().equals(name)
                        && event.getReason().equals(reason))
                .toList();
    }

    @Override
    public void close() {
        nodes.close();
        resource().delete();
    }
}
