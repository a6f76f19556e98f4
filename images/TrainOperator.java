import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * Records the operator's AOT cache: the operator with one resource, in front of something that answers like an API server as far
 * as the operator's start and first reconciliations go. A real one is not to be had while an image is built.
 */
class TrainOperator {
    private static final String CLUSTER = """
            {"apiVersion": "ringrift.io/v1alpha1", "kind": "RingRiftCluster",
             "metadata": {"name": "demo", "namespace": "default", "uid": "0f0f", "resourceVersion": "1", "generation": 1},
             "spec": {"stage": 0, "replicas": 3}}""";

    /** Without the group of the Prometheus operator, which most clusters have not. */
    private static final String GROUPS = """
            {"kind": "APIGroupList", "apiVersion": "v1", "groups": [
              {"name": "apps", "versions": [{"groupVersion": "apps/v1", "version": "v1"}], "preferredVersion": {"groupVersion": "apps/v1", "version": "v1"}}]}""";

    private static final String NOT_FOUND = """
            {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}""";

    public static void main(String[] arguments) throws Exception {
        Path work = Files.createTempDirectory("training");
        TrainingKeys keys = TrainingKeys.in(work);
        keys.writeCertificate(work.resolve("ca.crt"));
        HttpsServer apiServer = apiServer(keys);
        apiServer.start();
        try {
            Map<String, String> environment = new HashMap<>();
            environment.put("KUBERNETES_MASTER", "https://127.0.0.1:" + apiServer.getAddress().getPort());
            environment.put("KUBERNETES_CERTS_CA_FILE", work.resolve("ca.crt").toString());
            environment.put("KUBERNETES_AUTH_TOKEN", "only-for-the-training-run");
            environment.put("KUBERNETES_NAMESPACE", "ringrift-system");
            environment.put("POD_NAME", "trained");
            int port = Training.freePort();
            environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
            environment.put("RINGRIFT_AGENT_IMAGE", "ringrift/agent:training");
            URI operator = URI.create("http://127.0.0.1:" + port);
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

    private static HttpsServer apiServer(TrainingKeys keys) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(keys.tls()));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", TrainOperator::answer);
        return server;
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes());
            if (exchange.getRequestHeaders().containsKey("Upgrade")) {
                watch(exchange);
            } else if (exchange.getRequestMethod().equals("GET")) {
                read(exchange, exchange.getRequestURI().getPath());
            } else {
                // Written, so it is there: as if nobody else had anything to say.
                reply(exchange, 200, body.replaceFirst("\"metadata\":\\{", "\"metadata\":{\"uid\":\"0f0f\",\"resourceVersion\":\"2\",\"generation\":1,")
                        .transform(text -> text.isBlank() ? "{}" : text));
            }
        }
    }

    /** A watch by web socket, on which nothing ever happens. */
    private static void watch(HttpExchange exchange) throws IOException {
        String key = exchange.getRequestHeaders().getFirst("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3
        exchange.getResponseHeaders().set("Upgrade", "websocket");
        exchange.getResponseHeaders().set("Connection", "Upgrade");
        exchange.getResponseHeaders().set("Sec-WebSocket-Accept", Base64.getEncoder().encodeToString(sha1(key.getBytes())));
        exchange.sendResponseHeaders(101, -1);
    }

    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
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
        } else if (path.equals("/apis")) {
            reply(exchange, 200, GROUPS);
        } else if (parts.length == (parts[0].equals("api") ? 3 : 4) || path.contains("/namespaces/") && parts.length == (parts[0].equals("api") ? 5 : 6)) {
            reply(exchange, 200, list("")); // a collection, of the cluster or of a namespace
        } else {
            reply(exchange, 404, NOT_FOUND);
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
