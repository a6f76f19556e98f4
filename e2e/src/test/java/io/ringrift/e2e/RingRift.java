package io.ringrift.e2e;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One RingRiftCluster under test, in a namespace of its own that goes with it. */
final class RingRift implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration WALK = Duration.ofMinutes(3);

    private final Kubernetes kubernetes;
    private final String namespace;
    private final String name;

    private RingRift(Kubernetes kubernetes, String namespace, String name) {
        this.kubernetes = kubernetes;
        this.namespace = namespace;
        this.name = name;
    }

    /** Applies a resource from a file of the project, such as {@code samples/demo.yaml}, in a new namespace. */
    static RingRift fromFile(Kubernetes kubernetes, String namespace, Path file, String name) {
        kubernetes.kubectl("create", "namespace", namespace).ok();
        kubernetes.kubectl("apply", "-n", namespace, "-f", file.toString()).ok();
        return new RingRift(kubernetes, namespace, name);
    }

    /** Applies a resource with a spec in YAML's flow style, such as <code>{stage: 0}</code>, in a new namespace. */
    static RingRift of(Kubernetes kubernetes, String namespace, String name, String spec) {
        kubernetes.kubectl("create", "namespace", namespace).ok();
        var ringRift = new RingRift(kubernetes, namespace, name);
        ringRift.apply(spec).ok();
        return ringRift;
    }

    /** Another resource in the same namespace; it goes with this one. */
    RingRift beside(String other, String spec) {
        var ringRift = new RingRift(kubernetes, namespace, other);
        ringRift.apply(spec).ok();
        return ringRift;
    }

    Command.Result apply(String spec) {
        return kubernetes.kubectlWith(
                "{apiVersion: ringrift.io/v1alpha1, kind: RingRiftCluster, metadata: {name: %s}, spec: %s}"
                        .formatted(name, spec),
                "apply",
                "-n",
                namespace,
                "-f",
                "-");
    }

    /** Runs kubectl in the namespace to its end. */
    Command.Result kubectl(String... arguments) {
        return kubernetes.kubectl(Stream.concat(Stream.of("-n", namespace), Arrays.stream(arguments))
                .toArray(String[]::new));
    }

    /** Waits for the condition Ready as the documentation tells people to. */
    void awaitReady() {
        kubectl("wait", "--for=condition=Ready", "rrc/" + name, "--timeout=" + PATIENCE.toSeconds() + "s")
                .ok();
    }

    /** Waits until Ready says so about the newest generation of the resource, all of its pods and a leader. */
    void awaitReadyWith(int replicas) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            JsonNode now = resource();
            JsonNode status = now.path("status");
            return status.path("observedGeneration").asLong()
                            == now.at("/metadata/generation").asLong()
                    && condition("Ready").path("status").asText().equals("True")
                    && status.at("/summary/ready").asText().equals(replicas + "/" + replicas)
                    && status.at("/summary/alive").asText().equals(replicas + "/" + replicas)
                    && leader() != null;
        });
    }

    /** Edits the one field that a user edits, and waits until every agent is there and nothing more goes on. */
    void walkTo(int stage) {
        edit(stage);
        await().atMost(WALK).pollInterval(Duration.ofMillis(200)).until(() -> {
            JsonNode status = status();
            if (status.path("phase").asText().equals("Degraded")) {
                throw new AssertionError("the roll-out to stage " + stage + " went back: "
                        + status.at("/history/0/message").asText() + "\n" + status.toPrettyString());
            }
            return status.path("stage").asInt(-1) == stage
                    && status.path("phase").asText().equals("Stable");
        });
    }

    private void edit(int stage) {
        kubectl("patch", "rrc", name, "--type=merge", "-p", "{\"spec\":{\"stage\":" + stage + "}}")
                .ok();
    }

    /** As the API server has it. Not by kubectl, which would be a process for every look of those who wait. */
    JsonNode resource() {
        String resource = kubernetes
                .client()
                .raw("/apis/ringrift.io/v1alpha1/namespaces/" + namespace + "/ringriftclusters/" + name);
        if (resource == null) {
            throw new AssertionError("there is no RingRiftCluster " + namespace + "/" + name);
        }
        try {
            return JSON.readTree(resource);
        } catch (IOException e) {
            throw new AssertionError("the API server wrote no JSON", e);
        }
    }

    JsonNode status() {
        return resource().path("status");
    }

    /** The condition of that type, or a missing node. */
    JsonNode condition(String type) {
        return status().path("conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst()
                .orElse(JSON.missingNode());
    }

    /** What {@code kubectl get rrc} shows in a column. */
    String column(String header) {
        var lines = kubectl("get", "rrc", name).ok().strip().split("\n");
        int column = Arrays.asList(lines[0].split(" +")).indexOf(header);
        return lines[1].split(" +")[column];
    }

    /** The leader's node id in the resource's status; null while there is none. */
    String leader() {
        return status().at("/consensus/leader").asText(null);
    }

    long epoch() {
        return status().at("/consensus/epoch").asLong();
    }

    /** What an agent answers on its pod's loopback address: where people reach it with curl and port-forward. */
    JsonNode agent(String pod, String path) {
        try (var forward = kubernetes
                        .client()
                        .pods()
                        .inNamespace(namespace)
                        .withName(pod)
                        .portForward(8770);
                var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://localhost:" + forward.getLocalPort() + path))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return JSON.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new AssertionError("no answer from " + path + " of " + pod + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** A worker that uses the replicated state through the agent of that pod, as the workload beside it does. */
    Worker worker(String pod) {
        var forward =
                kubernetes.client().pods().inNamespace(namespace).withName(pod).portForward(8770);
        return new Worker(forward, pod, credential());
    }

    private String credential() {
        String encoded = kubernetes
                .client()
                .secrets()
                .inNamespace(namespace)
                .withName(name + "-credential")
                .require()
                .getData()
                .get("token");
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    Pod pod(String pod) {
        return kubernetes.client().pods().inNamespace(namespace).withName(pod).require();
    }

    List<Pod> pods() {
        return kubernetes
                .client()
                .pods()
                .inNamespace(namespace)
                .withLabel("ringrift.io/cluster", name)
                .list()
                .getItems();
    }

    /** The pods and everything that would change if one of them, or a container in one, were started again. */
    Map<String, String> lives() {
        return pods().stream()
                .collect(toMap(pod -> pod.getMetadata().getName(), RingRift::life, (one, other) -> one, TreeMap::new));
    }

    private static String life(Pod pod) {
        return pod.getMetadata().getUid() + " "
                + Stream.concat(
                                pod.getStatus().getInitContainerStatuses().stream(),
                                pod.getStatus().getContainerStatuses().stream())
                        .map(ContainerStatus::getContainerID)
                        .collect(joining(" "));
    }

    StatefulSet statefulSet() {
        return kubernetes
                .client()
                .apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    ConfigMap runtime() {
        return kubernetes
                .client()
                .configMaps()
                .inNamespace(namespace)
                .withName(name + "-runtime")
                .get();
    }

    /** The pods that a service of the cluster sends requests to. */
    List<String> behind(String service) {
        return kubernetes
                .client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel("kubernetes.io/service-name", service)
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> Stream.ofNullable(slice.getEndpoints()).flatMap(List::stream))
                .filter(endpoint -> Boolean.TRUE.equals(endpoint.getConditions().getReady()))
                .map(endpoint -> endpoint.getTargetRef().getName())
                .sorted()
                .toList();
    }

    /** Kind and name of everything that carries the cluster's label, in order of the alphabet. */
    List<String> objects() {
        return Arrays.stream(kubectl(
                                "get",
                                "statefulsets,services,configmaps,secrets,poddisruptionbudgets,networkpolicies,pods,persistentvolumeclaims",
                                "-l",
                                "ringrift.io/cluster=" + name,
                                "-o",
                                "name")
                        .ok()
                        .split("\n"))
                .filter(line -> !line.isBlank())
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        kubernetes.kubectl("delete", "namespace", namespace, "--wait=false", "--ignore-not-found");
    }
}
