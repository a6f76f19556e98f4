import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Records the agent's AOT cache: an agent with one peer, doing what an agent does all day and no more. What is in the cache is
 * resident from the start, needed or not: recorded with TLS an agent without it holds 8 MB more, and one with it 2 MB less.
 */
class TrainAgent {
    private static final String TOKEN = "only-for-the-training-run";

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Path work = Files.createTempDirectory("training");
        Files.writeString(work.resolve("token"), TOKEN);
        int port = Training.freePort();
        int peerPort = Training.freePort();
        Process peer = peer(home, environment(work, "peer", peerPort, "trained=127.0.0.1:" + port));
        try {
            URI agent = URI.create("http://127.0.0.1:" + port);
            new Training(home, "agent", environment(work, "trained", port, "peer=127.0.0.1:" + peerPort))
                    .run(agent.resolve("/health/ready"), () -> exercise(agent, document("peer=127.0.0.1:" + peerPort)));
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

    private static Map<String, String> environment(Path work, String node, int port, String peers) throws Exception {
        Path runtime = Files.createDirectories(work.resolve(node + "-runtime"));
        for (Map.Entry<String, String> key : document(peers).entrySet()) {
            Files.writeString(runtime.resolve(key.getKey()), key.getValue());
        }
        Map<String, String> environment = new HashMap<>();
        environment.put("RINGRIFT_NODE_ID", node);
        environment.put("RINGRIFT_CLUSTER_NAME", "default/training");
        environment.put("RINGRIFT_BIND_ADDR", "127.0.0.1");
        environment.put("RINGRIFT_ADVERTISE_HOST", "127.0.0.1");
        environment.put("RINGRIFT_P2P_PORT", Integer.toString(port));
        environment.put("RINGRIFT_SWIM_PORT", Integer.toString(Training.freePort()));
        environment.put("RINGRIFT_RAFT_PORT", Integer.toString(Training.freePort()));
        environment.put("RINGRIFT_CONFIG_DIR", runtime.toString());
        environment.put("RINGRIFT_CLUSTER_AUTH_TOKEN_FILE", work.resolve("token").toString());
        environment.put("RINGRIFT_DATA_DIR", work.resolve(node).toString());
        return environment;
    }

    private static Map<String, String> document(String peers) {
        return Map.of(
                "RINGRIFT_CONFIG_GENERATION", "1",
                "RINGRIFT_PEERS", peers,
                "RINGRIFT_HTTP_POLL_INTERVAL", "500ms",
                "RINGRIFT_HTTP_SUSPECT_AFTER", "2s",
                "RINGRIFT_HTTP_FAILED_AFTER", "4s");
    }

    /** @param document what runs already: a refusal would record what agents hardly ever say */
    private static void exercise(URI agent, Map<String, String> document) throws Exception {
        String keys = document.entrySet().stream()
                .map(key -> "\"" + key.getKey() + "\": \"" + key.getValue() + "\"")
                .collect(Collectors.joining(", ", "{\"generation\": 1, \"keys\": {", "}}"));
        for (int round = 0; round < 10; round++) {
            for (String path : new String[] {"/health/live", "/health/ready", "/health/startup", "/status", "/metrics", "/leader"}) {
                Training.get(agent.resolve(path));
            }
            Training.send("PUT", agent.resolve("/config"), keys, "Authorization", "Bearer " + TOKEN, "Content-Type", "application/json");
            Thread.sleep(300); // polls and heart-beats of the peer are part of what is recorded
        }
    }
}
