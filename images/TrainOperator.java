import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Records the operator's AOT cache: the operator with one resource, in front of something that answers like an API server as far
 * as the operator's start and first reconciliations go. A real one is not to be had while an image is built.
 */
class TrainOperator {
    private static final int API_SERVER = 18443;
    private static final int HEALTH = 18080;
    private static final char[] PASSWORD = "training".toCharArray();
    private static final String CLUSTER = """
            {"apiVersion": "ringrift.io/v1alpha1", "kind": "RingRiftCluster",
             "metadata": {"name": "demo", "namespace": "default", "uid": "0f0f", "resourceVersion": "1", "generation": 1},
             "spec": {"stage": 0, "replicas": 3}}""";

    public static void main(String[] arguments) throws Exception {
        Path work = Files.createTempDirectory("training");
        HttpsServer apiServer = apiServer(work);
        apiServer.start();
        try {
            Map<String, String> environment = new HashMap<>();
            environment.put("KUBERNETES_MASTER", "https://127.0.0.1:" + API_SERVER);
            environment.put("KUBERNETES_CERTS_CA_FILE", work.resolve("ca.crt").toString());
            environment.put("KUBERNETES_AUTH_TOKEN", "only-for-the-training-run");
            environment.put("KUBERNETES_NAMESPACE", "ringrift-system");
            environment.put("POD_NAME", "trained");
            environment.put("QUARKUS_HTTP_PORT", Integer.toString(HEALTH));
            environment.put("RINGRIFT_AGENT_IMAGE", "ringrift/agent:training");
            URI operator = URI.create("http://127.0.0.1:" + HEALTH);
            new Training(Path.of(arguments[0]), "operator", environment).run(operator.resolve("/q/health/ready"), () -> {
                for (int round = 0; round < 10; round++) {
                    Training.get(operator.resolve("/q/health/live"));
                    Training.get(operator.resolve("/q/health/ready"));
                    Training.get(operator.resolve("/q/metrics"));
                    Thread.sleep(500); // what the operator does by itself is part of what is recorded
                }
            });
        } finally {
            apiServer.stop(0);
        }
    }

    private static HttpsServer apiServer(Path work) throws Exception {
        KeyStore keys = keys(work);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), API_SERVER), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", TrainOperator::answer);
        return server;
    }

    /** A key that no other run has, and its certificate in ca.crt. */
    private static KeyStore keys(Path work) throws Exception {
        Path file = work.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/keytool", "-genkeypair", "-keystore", file.toString(), "-storetype", "PKCS12",
                        "-storepass", new String(PASSWORD), "-alias", "api", "-keyalg", "EC", "-dname", "CN=training",
                        "-ext", "san=ip:127.0.0.1,dns:localhost", "-validity", "2")
                .inheritIO()
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool made no key");
        }
        KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD);
        Files.writeString(work.resolve("ca.crt"), "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getCertificate("api").getEncoded())
                + "\n-----END CERTIFICATE-----\n");
        return keys;
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes());
            String query = exchange.getRequestURI().getQuery() == null ? "" : exchange.getRequestURI().getQuery();
            if (query.contains("watch=true")) {
                watch(exchange);
            } else if (exchange.getRequestMethod().equals("GET")) {
                read(exchange, exchange.getRequestURI().getPath());
            } else {
                // Written, so it is there: as if nobody else had anything to say.
                reply(exchange, 200, body.replaceFirst("\"metadata\":\\{", "\"metadata\":{\"uid\":\"0f0f\",\"resourceVersion\":\"2\",")
                        .transform(text -> text.isBlank() ? "{}" : text));
            }
        }
    }

    /** Nothing happens, for as long as the client listens. */
    private static void watch(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream stream = exchange.getResponseBody()) {
            stream.flush();
            Thread.sleep(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void read(HttpExchange exchange, String path) throws IOException {
        String[] parts = path.substring(1).split("/");
        if (path.equals("/version")) {
            reply(exchange, 200, "{\"major\": \"1\", \"minor\": \"36\", \"gitVersion\": \"v1.36.0\"}");
        } else if (path.endsWith("/ringriftclusters")) {
            reply(exchange, 200, list(CLUSTER));
        } else if (path.endsWith("/ringriftclusters/demo")) {
            reply(exchange, 200, CLUSTER);
        } else if (parts.length == (parts[0].equals("api") ? 3 : 4) || path.contains("/namespaces/") && parts.length == (parts[0].equals("api") ? 5 : 6)) {
            reply(exchange, 200, list("")); // a collection, of the cluster or of a namespace
        } else {
            reply(exchange, 404, "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"reason\": \"NotFound\", \"code\": 404}");
        }
    }

    private static String list(String items) {
        return "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"metadata\": {\"resourceVersion\": \"1\"}, \"items\": [" + items + "]}";
    }

    private static void reply(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
