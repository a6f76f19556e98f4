import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** Records the agent's AOT cache: an agent with one peer, as the operator configures it, doing what an agent does all day. */
class TrainAgent {
    private static final String TOKEN = "only-for-the-training-run";

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Path work = Files.createTempDirectory("training");
        TrainingKeys keys = TrainingKeys.in(work);
        keys.writeTo(work.resolve("tls"));
        Files.writeString(work.resolve("token"), TOKEN);
        int port = Training.freePort();
        int peerPort = Training.freePort();
        // Any loopback address but 127.0.0.1 is treated like a pod's: it speaks TLS.
        Process peer = peer(home, environment(work, "peer", "127.0.0.3", peerPort, "trained=127.0.0.2:" + port));
        try {
            URI loopback = URI.create("http://127.0.0.1:" + port);
            URI pod = URI.create("https://127.0.0.2:" + port);
            new Training(home, "agent", environment(work, "trained", "127.0.0.2", port, "peer=127.0.0.3:" + peerPort))
                    .run(loopback.resolve("/health/ready"), () -> exercise(loopback, pod, keys.tls()));
        } finally {
            peer.destroyForcibly();
        }
    }

    private static Process peer(Path home, Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                home.resolve("jre/bin/java").toString(), "-jar", home.resolve("ringrift-agent.jar").toString());
        builder.environment().putAll(environment);
        return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectErrorStream(true).start();
    }

    private static Map<String, String> environment(Path work, String node, String address, int port, String peers) throws Exception {
        Path runtime = Files.createDirectories(work.resolve(node + "-runtime"));
        Files.writeString(runtime.resolve("RINGRIFT_CONFIG_GENERATION"), "1");
        Files.writeString(runtime.resolve("RINGRIFT_PEERS"), peers);
        Files.writeString(runtime.resolve("RINGRIFT_HTTP_POLL_INTERVAL"), "500ms");
        Files.writeString(runtime.resolve("RINGRIFT_HTTP_SUSPECT_AFTER"), "2s");
        Files.writeString(runtime.resolve("RINGRIFT_HTTP_FAILED_AFTER"), "4s");
        Map<String, String> environment = new HashMap<>();
        environment.put("RINGRIFT_NODE_ID", node);
        environment.put("RINGRIFT_CLUSTER_NAME", "default/training");
        environment.put("RINGRIFT_BIND_ADDR", address);
        environment.put("RINGRIFT_ADVERTISE_HOST", address);
        environment.put("RINGRIFT_P2P_PORT", Integer.toString(port));
        environment.put("RINGRIFT_SWIM_PORT", Integer.toString(Training.freePort()));
        environment.put("RINGRIFT_RAFT_PORT", Integer.toString(Training.freePort()));
        environment.put("RINGRIFT_CONFIG_DIR", runtime.toString());
        environment.put("RINGRIFT_CLUSTER_AUTH_TOKEN_FILE", work.resolve("token").toString());
        environment.put("RINGRIFT_TLS_DIR", work.resolve("tls").toString());
        environment.put("RINGRIFT_DATA_DIR", work.resolve(node).toString());
        return environment;
    }

    private static void exercise(URI loopback, URI pod, SSLContext tls) throws Exception {
        for (int round = 0; round < 10; round++) {
            Training.get(loopback.resolve("/status"));
            for (String path : new String[] {"/health/live", "/health/ready", "/health/startup", "/status", "/metrics", "/leader", "/members"}) {
                Training.send("GET", pod.resolve(path), tls, "");
            }
            Training.send("PUT", pod.resolve("/config"), tls, "{\"generation\": 1, \"keys\": {}}",
                    "Authorization", "Bearer " + TOKEN, "Content-Type", "application/json");
            Thread.sleep(300); // polls and heart-beats of the peer are part of what is recorded
        }
    }
}
