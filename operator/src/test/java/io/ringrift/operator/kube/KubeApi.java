package io.ringrift.operator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.ringrift.operator.api.RingRiftCluster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real kube-apiserver with a real etcd, alone: no kubelet, no controllers. What a StatefulSet's controller and a kubelet
 * would do, a test does. Every write is found in {@link #writes}.
 */
public final class KubeApi implements AutoCloseable {
    /** A user who may do everything. */
    private static final String ADMIN_TOKEN = "admin-token";

    /** The user whose rights the chart's roles define. */
    private static final String OPERATOR_TOKEN = "operator-token";

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private final Path directory;
    private final int port;
    private final List<Process> processes = new ArrayList<>();
    private final KubernetesClient client;
    private List<String> apiServer = List.of();

    private KubeApi(Path directory, int port) {
        this.directory = directory;
        this.port = port;
        this.client = newClient(ADMIN_TOKEN);
    }

    /**
     * Starts both programs and waits until they serve.
     *
     * @throws IllegalStateException if the programs are not there, saying how to get them
     */
    public static KubeApi start() {
        Path programs = programs();
        try {
            Path directory = Files.createTempDirectory("ringrift-kube-api");
            int etcdPort = FreePorts.take();
            KubeApi api = new KubeApi(directory, FreePorts.take());
            Runtime.getRuntime().addShutdownHook(new Thread(api::kill));
            api.startEtcd(programs.resolve("etcd"), etcdPort);
            api.startApiServer(programs.resolve("kube-apiserver"), etcdPort);
            return api;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client that may do everything. */
    public KubernetesClient client() {
        return client;
    }

    /** Another client of the same user, with connections of its own. */
    public KubernetesClient newClient() {
        return newClient(ADMIN_TOKEN);
    }

    /** The CRD that is checked in, served. */
    public void installCrd() {
        Path crd = PROJECT.resolve("crds/ringriftclusters.ringrift.io.yaml");
        client.load(stream(read(crd))).serverSideApply();
        awaitServed();
    }

    /** Waits until the API server serves RingRiftClusters. */
    public void awaitServed() {
        Awaitility.await("the CRD is served")
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() ->
                        client.resources(RingRiftCluster.class).inAnyNamespace().list() != null);
    }

    /** A namespace of the test's own. */
    public String newNamespace() {
        String name = "t-" + UUID.randomUUID().toString().substring(0, 8);
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    /** One line for every write that any client but the API server itself has made so far: verb, resource, name. */
    public List<Write> writes() {
        ObjectMapper json = new ObjectMapper();
        try (Stream<String> lines = Files.lines(directory.resolve("audit.log"))) {
            return lines.filter(line -> line.endsWith("}"))
                    .map(line -> write(json, line))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request that changes something, as the API server's audit log tells it. */
    public record Write(String verb, String resource, String namespace, String name, int status, String userAgent) {}

    /** Environment of an operator's process, as a user who has the rights that {@link #grantChartRights} gave. */
    public Map<String, String> operatorEnvironment() {
        return Map.of(
                "KUBERNETES_MASTER", url(),
                "KUBERNETES_TRUST_CERTIFICATES", "true",
                "KUBERNETES_AUTH_TOKEN", OPERATOR_TOKEN,
                "KUBERNETES_AUTH_TRYKUBECONFIG", "false",
                "KUBERNETES_AUTH_TRYSERVICEACCOUNT", "false");
    }

    /**
     * Gives the operator's user what the chart gives the operator's service account, and nothing else.
     *
     * @param home the release's namespace
     * @param watched as {@code watch.namespaces}; empty: all
     */
    public void grantChartRights(String home, List<String> watched) {
        List<String> command = new ArrayList<>(List.of(
                home().resolve("bin/helm").toString(),
                "template",
                "ringrift",
                PROJECT.resolve("helm/ringrift").toString(),
                "--namespace=" + home,
                "--show-only=templates/rbac.yaml",
                "--set=fullnameOverride=ringrift-operator"));
        if (!watched.isEmpty()) {
            command.add("--set=watch.namespaces={" + String.join(",", watched) + "}");
        }
        String roles = output(command)
                .replaceAll(
                        "- kind: ServiceAccount\\n +name: .*\\n +namespace: .*",
                        "- {apiGroup: rbac.authorization.k8s.io, kind: User, name: operator}");
        client.load(stream(roles)).serverSideApply();
    }

    @Override
    public void close() {
        client.close();
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String url() {
        return "https://127.0.0.1:" + port;
    }

    private KubernetesClient newClient(String token) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(url())
                .withTrustCerts(true)
                .withOauthToken(token)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private void startEtcd(Path program, int clientPort) throws IOException {
        String client = "http://127.0.0.1:" + clientPort;
        String peer = "http://127.0.0.1:" + FreePorts.take();
        launch(
                "etcd",
                program.toString(),
                "--data-dir=" + directory.resolve("etcd"),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer,
                "--unsafe-no-fsync");
    }

    private void startApiServer(Path program, int etcdPort) throws IOException {
        Path tokens = Files.writeString(
                directory.resolve("tokens.csv"),
                ADMIN_TOKEN + ",admin,admin,system:masters\n" + OPERATOR_TOKEN + ",operator,operator\n");
        Path policy = Files.writeString(directory.resolve("audit.yaml"), """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                omitStages: [RequestReceived]
                rules:
                  - level: None
                    users: ["system:apiserver"]
                  - level: Metadata
                    verbs: [create, update, patch, delete, deletecollection]
                  - level: None
                """);
        KeyPair serviceAccounts = rsaKey();
        Path privateKey = writePem(
                "service-accounts.key",
                "PRIVATE KEY",
                serviceAccounts.getPrivate().getEncoded());
        Path publicKey = writePem(
                "service-accounts.pub",
                "PUBLIC KEY",
                serviceAccounts.getPublic().getEncoded());
        apiServer = List.of(
                program.toString(),
                "--etcd-servers=http://127.0.0.1:" + etcdPort,
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=" + directory.resolve("certificates"),
                "--token-auth-file=" + tokens,
                "--authorization-mode=RBAC",
                "--service-cluster-ip-range=10.0.0.0/24",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-signing-key-file=" + privateKey,
                "--service-account-key-file=" + publicKey,
                "--disable-admission-plugins=ServiceAccount",
                "--audit-policy-file=" + policy,
                "--audit-log-path=" + directory.resolve("audit.log"));
        launchApiServer();
    }

    /** Ends the API server; what it stored is kept. */
    public void goAway() {
        end(processes.removeLast());
    }

    /** Starts the API server that has gone away at the same address and waits until it serves. */
    public void comeBack() {
        try {
            launchApiServer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void launchApiServer() throws IOException {
        launch("kube-apiserver", apiServer.toArray(String[]::new));
        Awaitility.await("kube-apiserver is ready, log in " + directory)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(() -> "ok".equals(client.raw("/readyz")));
    }

    private void launch(String name, String... command) throws IOException {
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start());
    }

    private void kill() {
        processes.reversed().forEach(KubeApi::end);
    }

    private static void end(Process process) {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Write write(ObjectMapper json, String line) {
        try {
            JsonNode event = json.readTree(line);
            JsonNode object = event.path("objectRef");
            String subresource = object.path("subresource").asText();
            return new Write(
                    event.path("verb").asText(),
                    object.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource),
                    object.path("namespace").asText(),
                    object.path("name").asText(),
                    event.path("responseStatus").path("code").asInt(),
                    event.path("userAgent").asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String output(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed");
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Path home() {
        String home = System.getenv("RINGRIFT_KUBE_HOME");
        return home == null ? Path.of(System.getProperty("user.home"), ".cache", "ringrift-kube") : Path.of(home);
    }

    private static Path programs() {
        Path layouts = home().resolve("k8s");
        try (Stream<Path> versions = Files.isDirectory(layouts) ? Files.list(layouts) : Stream.empty()) {
            return versions.filter(version -> Files.isExecutable(version.resolve("kube-apiserver")))
                    .max(Comparator.naturalOrder())
                    .orElseThrow(() -> new IllegalStateException(
                            "no kube-apiserver under " + layouts + ": build it with `e2e/kube/kube build`"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyPair rsaKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path writePem(String name, String type, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                directory.resolve(name), "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
