package io.ringrift.operator.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

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
    private final Map<String, FakeAgent> agents = new TreeMap<>();

    public FakeNodes(KubernetesClient client, String namespace, String cluster) {
        this.client = client;
        this.namespace = namespace;
        this.cluster = cluster;
    }

    /** A port that is free now on every loopback address, for {@code spec.ports.http}. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Starts the pods with these ordinals: running, ready, each agent with what the ConfigMap holds. */
    public void start(int port, int... ordinals) {
        StatefulSet workload = client.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName(cluster)
                .get();
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
    public void elect(int ordinal, long epoch) {
        agents.forEach((node, agent) -> {
            agent.follow(cluster + "-" + ordinal, epoch);
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

    @Override
    public void close() {
        agents.values().forEach(FakeAgent::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
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
                        .put("conditions", readiness(true)));
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

    private static JsonArray readiness(boolean ready) {
        return new JsonArray()
                .add(new JsonObject()
                        .put("type", "Ready")
                        .put("status", ready ? "True" : "False")
                        .put(
                                "lastTransitionTime",
                                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
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
