package io.ringrift.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bully between real processes: kill -9, SIGTERM, SIGSTOP, restarts. */
class ElectionIT {
    @TempDir
    private Path root;

    private AgentCluster cluster;

    @BeforeEach
    void start() {
        cluster = new AgentCluster(root, 5, Map.of()).start();
    }

    @AfterEach
    void end() {
        cluster.close();
    }

    @Test
    void aKilledLeaderIsReplacedUnderAHigherEpochAndAMinorityHasNone() {
        JsonObject first = cluster.awaitLeader();
        assertThat(first.getString("source")).isEqualTo("bully");
        assertThat(first.getLong("epoch")).isPositive();

        AgentProcess leader = cluster.agent(first.getString("leader"));
        leader.kill();
        List<AgentProcess> rest = others(leader);
        JsonObject second = cluster.awaitLeader(rest);
        assertThat(second.getLong("epoch")).isGreaterThan(first.getLong("epoch"));
        // It says so a moment after it shows it.
        await().atMost(AgentCluster.PATIENCE)
                .until(() -> cluster.agent(second.getString("leader"))
                        .output()
                        .contains("[Bully] Became leader for epoch " + second.getLong("epoch")));
        await().atMost(AgentCluster.PATIENCE)
                .until(() -> rest.getFirst().output().contains("[HTTP] " + leader.nodeId() + " is now FAILED"));

        rest.getFirst().kill();
        rest.get(1).kill();
        List<AgentProcess> minority = rest.subList(2, 4);
        await().atMost(AgentCluster.PATIENCE).ignoreExceptions().untilAsserted(() -> {
            for (AgentProcess agent : minority) {
                JsonObject answer = agent.get("/leader").orElseThrow();
                assertThat(answer.getString("leader")).isNull();
                assertThat(answer.getLong("epoch")).isGreaterThanOrEqualTo(second.getLong("epoch"));
            }
        });

        rest.getFirst().start();
        List<AgentProcess> majority = List.of(minority.get(0), minority.get(1), rest.getFirst());
        JsonObject third = cluster.awaitLeader(majority);
        assertThat(third.getLong("epoch")).isGreaterThan(second.getLong("epoch"));
    }

    @Test
    void aLeaderThatLeavesIsReplacedAtOnceAndEndsWell() {
        JsonObject first = cluster.awaitLeader();
        AgentProcess leader = cluster.agent(first.getString("leader"));
        assertThat(leader.stop()).isIn(0, 143);
        List<AgentProcess> rest = others(leader);
        JsonObject second = cluster.awaitLeader(rest);
        assertThat(second.getLong("epoch")).isGreaterThan(first.getLong("epoch"));
        await().atMost(AgentCluster.PATIENCE)
                .until(() -> rest.getFirst().output().contains("[HTTP] " + leader.nodeId() + " is now LEFT"));
    }

    @Test
    void aLeaderThatIsDrainedIsReplacedAtOnceAndStays() {
        JsonObject first = cluster.awaitLeader();
        AgentProcess leader = cluster.agent(first.getString("leader"));
        StateClient client = new StateClient(leader);
        JsonObject second = client.post("/drain", "").expect(200);
        assertThat(second.getString("leader")).isNotNull().isNotEqualTo(leader.nodeId());
        assertThat(second.getLong("epoch")).isGreaterThan(first.getLong("epoch"));
        assertThat(client.get("/status").expect(200).getBoolean("draining")).isTrue();
        assertThat(client.post("/drain", "").expect(200).getString("leader")).isEqualTo(second.getString("leader"));
        assertThat(cluster.awaitLeader().getLong("epoch")).isEqualTo(second.getLong("epoch"));
        assertThat(leader.stop()).isIn(0, 143);
    }

    @Test
    void aFrozenLeaderIsReplacedAndDoesNotActWhenItWakes() {
        JsonObject first = cluster.awaitLeader();
        AgentProcess leader = cluster.agent(first.getString("leader"));
        leader.signal("STOP");
        JsonObject second = cluster.awaitLeader(others(leader));
        leader.signal("CONT");
        await().atMost(AgentCluster.PATIENCE).ignoreExceptions().untilAsserted(() -> {
            JsonObject answer = leader.get("/leader").orElseThrow();
            assertThat(answer.getString("leader")).isEqualTo(second.getString("leader"));
            assertThat(answer.getBoolean("is_self")).isFalse();
        });
        JsonObject settled = cluster.awaitLeader();
        assertThat(settled.getLong("epoch")).isEqualTo(second.getLong("epoch"));
    }

    @Test
    void epochsRiseOverARestartOfEveryAgent() {
        JsonObject first = cluster.awaitLeader();
        cluster.agents().forEach(AgentProcess::kill);
        cluster.agents().forEach(AgentProcess::start);
        JsonObject second = cluster.awaitLeader();
        assertThat(second.getLong("epoch")).isGreaterThan(first.getLong("epoch"));
    }

    private List<AgentProcess> others(AgentProcess but) {
        return cluster.agents().stream().filter(agent -> agent != but).toList();
    }
}
