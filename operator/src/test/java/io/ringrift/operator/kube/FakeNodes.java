package io.ringrift.operator.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands in for the StatefulSet's controller and the kubelets of one cluster: makes its pods, with a {@link FakeAgent} each on
 * a loopback address of its own.
 */
public final class FakeNodes implements AutoCloseable {
    private static final AtomicInteger ADDRESSES = new AtomicInteger(1);

    private final Vertx vertx = Vertx.vertx();
    private final KubernetesClient client;
    private final String namespace;
    private final String cluster;
    private final Map<String, FakeAgent> agents = new ConcurrentSkipListMap<>();
    private final List<String> replaced = new CopyOnWriteArrayList<>();
    private Optional<Thread> controller = Optional.empty();
    private volatile boolean closed;
    private volatile boolean newPodsAreReady = true;
    private volatile boolean budgetIsOpen = true;
    private volatile String leader;
    private volatile long epoch;

    public FakeNodes(KubernetesClient client, String namespace, String cluster) {
        this.client = client;
        this.namespace = namespace;
        this.cluster = cluster;
    }

    /** Starts the pods with these ordinals: running, ready, each agent with what the ConfigMap holds. */
    public void start(int port, int... ordinals) {
        StatefulSet workload = workload();
        for (int ordinal : ordinals) {
            start(workload, cluster + "-" + ordinal, port);
        }
    }

    /** That pod's agent. */
    public FakeAgent agent(int ordinal) {
        return agents.get(cluster + "-" + ordinal);
    }

    /** All agents. */
    public List<FakeAgent> agents() {
        return List.copyOf(agents.values());
    }

    /** Lets every agent say that this member leads, and that all members are alive. */
    public void elect(int ordinal, long newEpoch) {
        leader = cluster + "-" + ordinal;
        epoch = newEpoch;
        agents.forEach((node, agent) -> {
            agent.follow(leader, epoch);
            agents.keySet().stream().filter(peer -> !peer.equals(node)).forEach(peer -> agent.see(peer, "ALIVE"));
        });
    }

    /** What the mounted directory of a pod shows. */
    public Map<String, String> mounted() {
        return client.configMaps()
                .inNamespace(namespace)
                .withName(cluster + "-runtime")
                .get()
                .getData();
    }

    /** The same as the agent of that pod reads it. */
    public Map<String, String> mountedBy(int ordinal) {
        Map<String, String> own = new TreeMap<>();
        Map<String, String> all = mounted();
        boolean canary =
                List.of(all.getOrDefault("canary.nodes", "").split(",")).contains(cluster + "-" + ordinal);
        all.forEach((key, value) -> {
            if (!key.startsWith("canary.")) {
                own.putIfAbsent(key, value);
            } else if (canary && !key.equals("canary.nodes")) {
                own.put(key.substring("canary.".length()), value);
            }
        });
        return own;
    }

    /** Ends that pod: its agent no longer answers. */
    public void delete(int ordinal) {
        String name = cluster + "-" + ordinal;
        agents.remove(name).close();
        client.pods().inNamespace(namespace).withName(name).withGracePeriod(0).delete();
    }

    /** Says whether that pod is ready. */
    public void ready(int ordinal, boolean ready) {
        patchStatus(cluster + "-" + ordinal, new JsonObject().put("conditions", readiness(ready)));
    }

    /**
     * From now on pods that are evicted end at once and come back from the present template, and a leader that is gone, or asked to
     * hand over, is followed by another.
     */
    public void control(int port) {
        controller = Optional.of(Thread.startVirtualThread(() -> {
            while (!closed) {
                StatefulSet workload = workload();
                acknowledge(workload);
                allowDisruptions();
                for (int ordinal = 0; ordinal < workload.getSpec().getReplicas(); ordinal++) {
                    replaceIfEvicted(workload, ordinal, port);
                }
                lead();
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }));
    }

    /** Says whether pods that are made from now on become ready. */
    public void newPodsAreReady(boolean ready) {
        newPodsAreReady = ready;
    }

    /** Says whether the disruption budget allows evictions. */
    public void budgetIsOpen(boolean open) {
        budgetIsOpen = open;
    }

    /** Names of the pods that were evicted and replaced, in that order. */
    public List<String> replaced() {
        return replaced;
    }

    @Override
    public void close() {
        closed = true;
        controller.ifPresent(thread -> {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        agents.values().forEach(FakeAgent::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private StatefulSet workload() {
        return client.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName(cluster)
                .get();
    }

    private void acknowledge(StatefulSet workload) {
        long generation = workload.getMetadata().getGeneration();
        Long observed = workload.getStatus().getObservedGeneration();
        if (observed == null || observed < generation) {
            client.resource(workload)
                    .subresource("status")
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            new JsonObject()
                                    .put(
                                            "status",
                                            new JsonObject()
                                                    .put("observedGeneration", generation)
                                                    .put("replicas", 0))
                                    .encode());
        }
    }

    private void allowDisruptions() {
        PodDisruptionBudget budget = client.policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(namespace)
                .withName(cluster)
                .get();
        int allowed = budgetIsOpen ? 1 : 0;
        if (budget == null
                || budget.getStatus() != null
                        && Objects.equals(budget.getStatus().getDisruptionsAllowed(), allowed)
                        && Objects.equals(
                                budget.getStatus().getObservedGeneration(),
                                budget.getMetadata().getGeneration())) {
            return;
        }
        client.resource(budget)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        new JsonObject()
                                .put(
                                        "status",
                                        new JsonObject()
                                                .put(
                                                        "observedGeneration",
                                                        budget.getMetadata().getGeneration())
                                                .put("disruptionsAllowed", allowed)
                                                .put("currentHealthy", 3)
                                                .put("desiredHealthy", 2)
                                                .put("expectedPods", 3))
                                .encode());
    }

    private void replaceIfEvicted(StatefulSet workload, int ordinal, int port) {
        String name = cluster + "-" + ordinal;
        Pod pod = client.pods().inNamespace(namespace).withName(name).get();
        if (pod == null || pod.getMetadata().getDeletionTimestamp() == null) {
            return;
        }
        replaced.add(name);
        delete(ordinal);
        start(workload, name, port);
    }

    private void lead() {
        FakeAgent leading = leader == null ? null : agents.get(leader);
        Optional<String> successor = leading == null ? Optional.empty() : leading.successor();
        successor.ifPresent(next -> elect(Integer.parseInt(next.substring(next.lastIndexOf('-') + 1)), epoch + 1));
    }

    private void start(StatefulSet workload, String name, int port) {
        int number = ADDRESSES.getAndIncrement();
        String address = "127.1." + number / 250 + "." + (number % 250 + 1);
        boolean tls = client.secrets()
                        .inNamespace(namespace)
                        .withName(cluster + "-tls")
                        .get()
                != null;
        agents.put(
                name,
                new FakeAgent(
                        vertx,
                        name,
                        address,
                        port,
                        mountedBy(Integer.parseInt(name.substring(name.lastIndexOf('-') + 1))),
                        secret("credential").get("token"),
                        tls ? Optional.of(secret("tls")) : Optional.empty()));
        Pod pod = new PodBuilder()
                .withNewMetadataLike(workload.getSpec().getTemplate().getMetadata())
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withSpec(workload.getSpec().getTemplate().getSpec())
                .editSpec()
                .withNodeName("node")
                .endSpec()
                .build();
        client.resource(pod).create();
        patchStatus(
                name,
                new JsonObject()
                        .put("phase", "Running")
                        .put("podIP", address)
                        .put("podIPs", new JsonArray().add(new JsonObject().put("ip", address)))
                        .put("conditions", readiness(newPodsAreReady)));
        if (leader != null) {
            boolean led = name.equals(leader);
            int next = led ? (Integer.parseInt(name.substring(name.lastIndexOf('-') + 1)) + 1) % agents.size() : 0;
            elect(
                    led ? next : Integer.parseInt(leader.substring(leader.lastIndexOf('-') + 1)),
                    led ? epoch + 1 : epoch);
        }
    }

    /** As a kubelet does: without a look at what others change meanwhile. */
    private void patchStatus(String name, JsonObject status) {
        client.pods()
                .inNamespace(namespace)
                .withName(name)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        new JsonObject().put("status", status).encode());
    }

    /** Since an hour: nobody has to wait until it has lasted. */
    private static JsonArray readiness(boolean ready) {
        return new JsonArray()
                .add(new JsonObject()
                        .put("type", "Ready")
                        .put("status", ready ? "True" : "False")
                        .put(
                                "lastTransitionTime",
                                Instant.now()
                                        .minus(Duration.ofHours(1))
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .toString()));
    }

    private Map<String, String> secret(String suffix) {
        Secret secret = client.secrets()
                .inNamespace(namespace)
                .withName(cluster + "-" + suffix)
                .get();
        Map<String, String> text = new HashMap<>();
        secret.getData()
                .forEach((key, value) ->
                        text.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        return text;
    }
}
