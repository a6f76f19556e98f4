package io.ringrift.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configuration as its users meet it: exit status 78, the watched directory, the pushed document. */
class ConfigurationIT {
    private static final String TOKEN = "a-token-of-more-than-sixteen-characters";

    @TempDir
    private Path root;

    @Test
    void everyProblemIsPrintedAtOnceAndTheStatusIs78() {
        try (AgentProcess agent = alone(Map.of(
                "RINGRIFT_MEMBERSHIP_MODE", "telepathy",
                "RINGRIFT_SWIM_PORT", "8770",
                "RINGRIFT_P2P_PORT", "8770",
                "RINGRIFT_HTTP_POLL_INTERVAL", "soon",
                "RINGRIFT_CLUSTER_AUTH_TOKEN", "too-short"))) {
            assertThat(agent.start().await(Duration.ofSeconds(30))).isEqualTo(78);
            assertThat(agent.output())
                    .contains("RINGRIFT_MEMBERSHIP_MODE", "telepathy", "http, swim, hybrid")
                    .contains("RINGRIFT_SWIM_PORT", "RINGRIFT_HTTP_POLL_INTERVAL", "soon")
                    .contains("RINGRIFT_CLUSTER_AUTH_TOKEN")
                    .doesNotContain("too-short");
        }
    }

    @Test
    void aBadChangeOfTheDirectoryIsRefusedWholeAndAGoodOneTakesEffect() throws IOException {
        Path directory = Files.createDirectory(root.resolve("config"));
        Files.writeString(directory.resolve("RINGRIFT_HTTP_POLL_INTERVAL"), "10\n");
        try (AgentProcess agent = alone(Map.of("RINGRIFT_CONFIG_DIR", directory.toString()))) {
            agent.start();
            await().atMost(AgentCluster.PATIENCE)
                    .until(() -> agent.get("/status").isPresent());

            Files.writeString(directory.resolve("RINGRIFT_LOG_LEVEL"), "DEBUG\n");
            Files.writeString(directory.resolve("RINGRIFT_MEMBERSHIP_MODE"), "telepathy\n");
            await().atMost(AgentCluster.PATIENCE).ignoreExceptions().untilAsserted(() -> {
                JsonObject config = agent.get("/status").orElseThrow().getJsonObject("config");
                assertThat(config.getJsonObject("refused")
                                .getJsonArray("problems")
                                .toString())
                        .contains("RINGRIFT_MEMBERSHIP_MODE", "telepathy");
            });
            assertThat(membershipMode(agent)).isEqualTo("http");

            Files.writeString(directory.resolve("RINGRIFT_MEMBERSHIP_MODE"), "http\n");
            await().atMost(AgentCluster.PATIENCE)
                    .untilAsserted(() -> assertThat(agent.get("/status")
                                    .orElseThrow()
                                    .getJsonObject("config")
                                    .getValue("refused"))
                            .isNull());
        }
    }

    @Test
    void aPushedDocumentNeedsTheCredentialAndIsAcknowledgedByItsGeneration() {
        try (AgentProcess agent = alone(Map.of("RINGRIFT_CLUSTER_AUTH_TOKEN", TOKEN))) {
            agent.start();
            await().atMost(AgentCluster.PATIENCE)
                    .until(() -> agent.get("/status").isPresent());
            String good = new JsonObject()
                    .put("generation", 3)
                    .put(
                            "keys",
                            new JsonObject()
                                    .put("RINGRIFT_CONFIG_GENERATION", "3")
                                    .put("RINGRIFT_LOG_LEVEL", "DEBUG"))
                    .encode();
            assertThat(agent.code("PUT", "/config", good)).isEqualTo(401);
            assertThat(agent.code("PUT", "/config", good, "Authorization", "Bearer " + TOKEN))
                    .isEqualTo(200);
            assertThat(generation(agent)).isEqualTo(3);
            String old = good.replace("3", "2");
            assertThat(agent.code("PUT", "/config", old, "Authorization", "Bearer " + TOKEN))
                    .isEqualTo(409);
            assertThat(generation(agent)).isEqualTo(3);
        }
    }

    private static String membershipMode(AgentProcess agent) {
        return agent.get("/status").orElseThrow().getJsonObject("swim_raft").getString("membership_mode");
    }

    private static long generation(AgentProcess agent) {
        return agent.get("/status").orElseThrow().getJsonObject("config").getLong("generation");
    }

    private AgentProcess alone(Map<String, String> extra) {
        var ports = FreePorts.take(3);
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("RINGRIFT_NODE_ID", "alone");
        environment.put("RINGRIFT_BIND_ADDR", "127.0.0.1");
        environment.put("RINGRIFT_P2P_PORT", ports.get(0).toString());
        environment.put("RINGRIFT_SWIM_PORT", ports.get(1).toString());
        environment.put("RINGRIFT_RAFT_PORT", ports.get(2).toString());
        environment.put("RINGRIFT_DATA_DIR", root.resolve("data").toString());
        environment.putAll(extra);
        return new AgentProcess("alone", ports.get(0), root, environment);
    }
}
