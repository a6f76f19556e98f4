package io.ringrift.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What tests of SWIM ask of agents that run as processes. */
final class SwimCluster {
    /** Slow enough that whatever is noticed in seconds was noticed by SWIM. */
    static final Map<String, String> SLOW_POLLING = Map.of(
            "RINGRIFT_HTTP_POLL_INTERVAL", "1s",
            "RINGRIFT_HTTP_SUSPECT_AFTER", "15s",
            "RINGRIFT_HTTP_FAILED_AFTER", "30s");

    private SwimCluster() {}

    /** Waits until all show the same members ALIVE, and themselves among them, under one view hash. */
    static void awaitOneView(List<AgentProcess> agents) {
        Set<String> everybody =
                agents.stream().map(AgentProcess::nodeId).collect(Collectors.toCollection(TreeSet::new));
        await().atMost(AgentCluster.PATIENCE).ignoreExceptions().untilAsserted(() -> {
            for (AgentProcess agent : agents) {
                assertThat(alive(agent)).as("view of " + agent.nodeId()).isEqualTo(everybody);
            }
            assertThat(agents.stream()
                            .map(agent -> agent.get("/members").orElseThrow().getString("view_hash"))
                            .distinct())
                    .hasSize(1);
        });
    }

    static void awaitSource(List<AgentProcess> agents, String source) {
        await().atMost(AgentCluster.PATIENCE).ignoreExceptions().untilAsserted(() -> {
            for (AgentProcess agent : agents) {
                assertThat(members(agent))
                        .allSatisfy(
                                member -> assertThat(member.getString("source")).isEqualTo(source));
            }
        });
    }

    static List<JsonObject> members(AgentProcess agent) {
        return agent.get("/members").orElseThrow().getJsonArray("members").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    static Optional<JsonObject> member(AgentProcess agent, String nodeId) {
        return members(agent).stream()
                .filter(member -> member.getString("node_id").equals(nodeId))
                .findFirst();
    }

    static String state(AgentProcess agent, String nodeId) {
        return member(agent, nodeId).map(member -> member.getString("state")).orElse("unknown");
    }

    private static Set<String> alive(AgentProcess agent) {
        return members(agent).stream()
                .filter(member -> member.getString("state").equals("ALIVE"))
                .map(member -> member.getString("node_id"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static JsonObject fallback(AgentProcess agent) {
        return agent.get("/status").orElseThrow().getJsonObject("fallback").getJsonObject("membership");
    }

    static JsonObject swim(AgentProcess agent) {
        return agent.get("/status").orElseThrow().getJsonObject("swim_raft").getJsonObject("swim");
    }

    /** The sum over all labels. */
    static double metric(AgentProcess agent, String name) {
        Matcher lines = Pattern.compile("^" + name + "(?:\\{[^}]*})? (\\S+)$", Pattern.MULTILINE)
                .matcher(agent.text("/metrics").orElseThrow());
        return lines.results()
                .mapToDouble(line -> Double.parseDouble(line.group(1)))
                .sum();
    }

    static void switchTo(AgentProcess agent, long generation, String membership) {
        boolean swim = !membership.equals("http");
        JsonObject document = new JsonObject()
                .put("generation", generation)
                .put(
                        "keys",
                        new JsonObject()
                                .put("RINGRIFT_CONFIG_GENERATION", Long.toString(generation))
                                .put("RINGRIFT_SWIM_ENABLED", Boolean.toString(swim))
                                .put("RINGRIFT_MEMBERSHIP_MODE", membership));
        assertThat(agent.code("PUT", "/config", document.encode(), "Content-Type", "application/json"))
                .isEqualTo(200);
    }

    static long residentKilobytes(AgentProcess agent) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(agent.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String... lines) {
        try {
            Files.writeString(file, String.join("\n", Arrays.asList(lines)) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nobody was ever held dead by anybody. */
    static void assertNoFalseDeath(List<AgentProcess> agents) {
        assertThat(agents).allSatisfy(agent -> assertThat(agent.output()).doesNotContain("is now FAILED"));
    }

    static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
