package io.ringrift.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/state.md do what stands below each, at an agent that does not lead. */
class StateExamplesIT {
    private static final Pattern BLOCK = Pattern.compile("```(sh|json)\\n(.*?)```", Pattern.DOTALL);
    private static final String TOKEN = "a-token-of-enough-characters";

    @TempDir
    private Path root;

    /** @param expected what the answer must contain; empty: nothing is said about it */
    private record Example(String commands, String expected) {}

    @Test
    void everyExampleOfTheDocumentationWorks() throws Exception {
        List<Example> examples = examples(Files.readString(Path.of("..", "docs", "state.md")));
        Map<String, String> environment = new HashMap<>(AgentCluster.THREE_VOTERS);
        environment.put("RINGRIFT_CLUSTER_AUTH_TOKEN", TOKEN);
        try (AgentCluster cluster = new AgentCluster(root, 4, environment)) {
            cluster.start();
            AgentProcess agent = cluster.agent("n-3");
            cluster.awaitRaft(List.of(agent));
            String prelude = examples.getFirst().commands;
            for (Example example : examples.subList(1, examples.size())) {
                String answer = run(agent, prelude + example.commands);
                if (!example.expected.isEmpty()) {
                    assertContains(
                            Json.decodeValue(answer), Json.decodeValue(example.expected), example.commands, answer);
                }
            }
            assertThat(examples).hasSizeGreaterThan(20);
        }
    }

    private static List<Example> examples(String document) {
        List<Example> examples = new ArrayList<>();
        for (MatchResult block : BLOCK.matcher(document).results().toList()) {
            if (block.group(1).equals("sh")) {
                examples.add(new Example(block.group(2), ""));
            } else {
                examples.add(new Example(examples.removeLast().commands, block.group(2)));
            }
        }
        return examples;
    }

    private String run(AgentProcess agent, String commands) throws IOException, InterruptedException {
        ProcessBuilder bash = new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands)
                .directory(root.toFile())
                .redirectErrorStream(true);
        bash.environment().put("RINGRIFT_URL", "http://127.0.0.1:" + agent.port());
        bash.environment().put("RINGRIFT_CLUSTER_AUTH_TOKEN", TOKEN);
        Process process = bash.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(commands + output).isZero();
        return output;
    }

    /** What is expected is there; more may be. */
    private static void assertContains(Object actual, Object expected, String commands, String answer) {
        switch (expected) {
            case JsonObject object -> {
                assertThat(actual).as(commands + answer).isInstanceOf(JsonObject.class);
                object.forEach(member -> assertContains(
                        ((JsonObject) actual).getValue(member.getKey()),
                        object.getValue(member.getKey()),
                        commands,
                        answer));
            }
            case JsonArray array -> {
                assertThat((JsonArray) actual).as(commands + answer).hasSize(array.size());
                for (int i = 0; i < array.size(); i++) {
                    assertContains(((JsonArray) actual).getValue(i), array.getValue(i), commands, answer);
                }
            }
            case Number number ->
                assertThat(((Number) actual).doubleValue())
                        .as(commands + answer)
                        .isEqualTo(number.doubleValue());
            case null, default -> assertThat(actual).as(commands + answer).isEqualTo(expected);
        }
    }
}
