package io.ringrift.agent.process;

import static io.ringrift.agent.process.SwimCluster.awaitOneView;
import static io.ringrift.agent.process.SwimCluster.awaitSource;
import static io.ringrift.agent.process.SwimCluster.fallback;
import static io.ringrift.agent.process.SwimCluster.state;
import static io.ringrift.agent.process.SwimCluster.swim;
import static io.ringrift.agent.process.SwimCluster.switchTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages 0, 1 and 2 side by side and one after the other, by {@code PUT /config} to agents that go on running. */
class SwimSwitchIT {
    @TempDir
    private static Path root;

    private static AgentCluster cluster;
    private static long generation;

    /** What every log had said against anybody when the test began. */
    private List<List<String>> said;

    @BeforeAll
    static void start() {
        cluster = new AgentCluster(root, 4, SwimCluster.SLOW_POLLING).start();
        awaitOneView(cluster.agents());
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @BeforeEach
    void isInStageZero() {
        cluster.agents().forEach(agent -> stage(agent, "http"));
        awaitSource(cluster.agents(), "http");
        awaitOneView(cluster.agents());
        said = said();
    }

    @Test
    void stagesMixAndFollowEachOtherWithoutAFalseWordAboutAnybody() {
        List<AgentProcess> agents = cluster.agents();
        JsonObject leader = cluster.awaitLeader();

        stage(agents.get(1), "hybrid");
        stage(agents.get(2), "swim");
        stage(agents.get(3), "swim");
        await().atMost(AgentCluster.PATIENCE).ignoreExceptions().untilAsserted(() -> {
            assertThat(source(agents.get(1), "n-2")).isEqualTo("swim");
            assertThat(source(agents.get(2), "n-3")).isEqualTo("swim");
            assertThat(source(agents.get(3), "n-1")).isEqualTo("swim");
            assertThat(source(agents.get(3), "n-0")).isEqualTo("http");
        });
        assertQuiet(agents);

        for (String mode : List.of("hybrid", "swim")) {
            agents.forEach(agent -> stage(agent, mode));
            awaitSource(agents, "swim");
            assertQuiet(agents);
            assertThat(agents)
                    .allSatisfy(agent -> assertThat(swim(agent))
                            .isEqualTo(new JsonObject(Map.of(
                                    "enabled",
                                    true,
                                    "available",
                                    true,
                                    "members",
                                    4,
                                    "alive",
                                    4,
                                    "suspected",
                                    0,
                                    "failed",
                                    0))));
        }
        agents.forEach(agent -> stage(agent, "http"));
        awaitSource(agents, "http");
        assertQuiet(agents);
        assertThat(agents)
                .allSatisfy(
                        agent -> assertThat(swim(agent).getInteger("members")).isZero());

        // Once more, so that a second start of the same process is a member again.
        agents.forEach(agent -> stage(agent, "swim"));
        awaitSource(agents, "swim");
        assertQuiet(agents);
        assertThat(cluster.awaitLeader().getLong("epoch"))
                .as("nobody lost the leader on the way")
                .isEqualTo(leader.getLong("epoch"));
    }

    @Test
    void inMixedStagesADeadNodeIsKnownToAllAndShadowDecidesNothing() {
        List<AgentProcess> agents = cluster.agents();
        agents.forEach(SwimSwitchIT::shadow);
        await().atMost(AgentCluster.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(agents)
                        .allSatisfy(agent ->
                                assertThat(swim(agent).getInteger("alive")).isEqualTo(4)));
        awaitSource(agents, "http");
        stage(agents.get(0), "swim");
        stage(agents.get(1), "hybrid");
        awaitOneView(agents);

        agents.get(3).kill();

        await().atMost(AgentCluster.PATIENCE).ignoreExceptions().untilAsserted(() -> {
            assertThat(state(agents.get(0), "n-3")).isEqualTo("FAILED");
            assertThat(state(agents.get(1), "n-3")).isEqualTo("FAILED");
            assertThat(swim(agents.get(2)).getInteger("failed")).isEqualTo(1);
        });
        assertThat(state(agents.get(2), "n-3"))
                .as("where SWIM is in the shadow")
                .isEqualTo("ALIVE");
        stage(agents.get(2), "swim");
        await().atMost(AgentCluster.PATIENCE)
                .untilAsserted(() -> assertThat(state(agents.get(2), "n-3")).isEqualTo("FAILED"));
        assertThat(agents.subList(0, 3).stream()
                        .map(agent -> agent.get("/members").orElseThrow().getString("view_hash"))
                        .distinct())
                .hasSize(1);
        agents.get(3).start();
    }

    private static void stage(AgentProcess agent, String membership) {
        switchTo(agent, ++generation, membership);
    }

    private static void shadow(AgentProcess agent) {
        JsonObject keys = new JsonObject()
                .put("RINGRIFT_CONFIG_GENERATION", Long.toString(++generation))
                .put("RINGRIFT_SWIM_ENABLED", "true")
                .put("RINGRIFT_MEMBERSHIP_MODE", "http");
        String document =
                new JsonObject().put("generation", generation).put("keys", keys).encode();
        assertThat(agent.code("PUT", "/config", document)).isEqualTo(200);
    }

    /** One view, no fallback, and nobody was suspected, dead or gone since the test began. */
    private void assertQuiet(List<AgentProcess> agents) {
        awaitOneView(agents);
        assertThat(agents)
                .allSatisfy(agent -> assertThat(fallback(agent).getInteger("activations"))
                        .as(agent.nodeId())
                        .isZero());
        assertThat(said()).isEqualTo(said);
    }

    private static List<List<String>> said() {
        return cluster.agents().stream()
                .map(agent -> agent.output()
                        .lines()
                        .filter(line -> line.matches(".*is now (FAILED|LEFT|SUSPECTED)"))
                        .toList())
                .toList();
    }

    private static String source(AgentProcess agent, String nodeId) {
        return SwimCluster.member(agent, nodeId).orElseThrow().getString("source");
    }
}
