package io.ringrift.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Raft between real processes: three voters and two that follow; kill -9, SIGTERM, lost disks, every stage. */
class RaftIT {
    @TempDir
    private Path root;

    private AgentCluster cluster;
    private LeaderRecord record;

    private void start(String mode, boolean raft) {
        Map<String, String> environment = new HashMap<>(AgentCluster.THREE_VOTERS);
        environment.put("RINGRIFT_CONSENSUS_MODE", mode);
        environment.put("RINGRIFT_RAFT_ENABLED", Boolean.toString(raft));
        environment.put("RINGRIFT_RAFT_PROFILE", "steady");
        cluster = new AgentCluster(root, 5, environment);
        cluster.start();
        record = new LeaderRecord(cluster.agents()).start();
    }

    @AfterEach
    void end() {
        record.close();
        cluster.close();
        record.assertSafe();
    }

    @Test
    void aLeaderThatIsKilledOrLeavesIsReplacedUnderAHigherEpoch() {
        start("raft", true);
        JsonObject first = awaitRaftLeader(cluster.agents());
        AgentProcess killed = cluster.agent(first.getString("leader"));
        assertThat(killed.output()).contains("[Raft] Became leader for term ");

        killed.kill();
        List<AgentProcess> rest = others(killed);
        long from = System.nanoTime();
        JsonObject second = awaitEpochAbove(first.getLong("epoch"), rest);
        // On cores that it has to itself this takes a third of a second; bench/ has the figures.
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(5));

        killed.start();
        awaitRole(killed, "follower");
        AgentProcess leaving = cluster.agent(second.getString("leader"));
        long before = System.nanoTime();
        assertThat(leaving.stop()).isIn(0, 143);
        JsonObject third = awaitEpochAbove(second.getLong("epoch"), others(leaving));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
        assertThat(third.getString("source")).isEqualTo("raft");
        assertThat(leaving.output()).doesNotContain("Did not end in good order");

        long commit = raft(cluster.agent(third.getString("leader"))).getLong("commit_index");
        cluster.agents().forEach(AgentProcess::close);
        cluster.agents().forEach(AgentProcess::start);
        JsonObject fourth = awaitRaftLeader(cluster.agents());
        assertThat(fourth.getLong("epoch")).isGreaterThan(third.getLong("epoch"));
        assertThat(raft(cluster.agent(fourth.getString("leader"))).getLong("commit_index"))
                .isGreaterThan(commit);
    }

    @Test
    void everyStageAndBackKeepsOneLeaderAndRisingEpochs() {
        start("bully", false);
        long epoch = cluster.awaitLeader().getLong("epoch");
        long generation = 1;

        push(generation++, "bully", true);
        awaitRole(cluster.agent("n-0"), "follower", "leader");
        assertThat(cluster.awaitLeader().getString("source")).as("shadow").isEqualTo("bully");
        for (String[] step : new String[][] {
            {"hybrid", "raft"}, {"raft", "raft"}, {"hybrid", "raft"}, {"bully", "bully"},
        }) {
            push(generation++, step[0], true);
            JsonObject leader = awaitSource(step[1], cluster.agents());
            assertThat(leader.getLong("epoch")).as(step[0]).isGreaterThanOrEqualTo(epoch);
            epoch = leader.getLong("epoch");
        }
        push(generation, "bully", false);
        assertThat(cluster.awaitLeader().getString("source")).isEqualTo("bully");
        await().atMost(AgentCluster.PATIENCE)
                .until(() -> !raft(cluster.agent("n-0")).getBoolean("raft_enabled"));
    }

    @Test
    void bullyStepsInWhereRaftHasNoMajorityAndOutAgain() {
        start("hybrid", true);
        JsonObject first = awaitSource("raft", cluster.agents());
        cluster.agent("n-0").kill();
        cluster.agent("n-1").kill();
        List<AgentProcess> rest = cluster.agents().subList(2, 5);
        JsonObject second = awaitSource("bully", rest);
        assertThat(second.getLong("epoch")).isGreaterThan(first.getLong("epoch"));
        JsonObject status = cluster.agent("n-4").get("/status").orElseThrow().getJsonObject("swim_raft");
        assertThat(status.getJsonObject("hybrid_status").getBoolean("raft_fallback_active"))
                .isTrue();
        cluster.agent("n-0").start();
        JsonObject third = awaitSource("raft", List.of(cluster.agent("n-0"), rest.get(0), rest.get(1), rest.get(2)));
        assertThat(third.getLong("epoch")).isGreaterThan(second.getLong("epoch"));
    }

    @Test
    void aLostDiskIsANewVoterAndALostMajorityIsSaid() {
        start("raft", true);
        JsonObject first = awaitRaftLeader(cluster.agents());
        AgentProcess wiped = cluster.agents().subList(0, 3).stream()
                .filter(agent -> !agent.nodeId().equals(first.getString("leader")))
                .findFirst()
                .orElseThrow();
        wiped.kill();
        erase(wiped.directory().resolve("data"));
        wiped.start();
        awaitRole(wiped, "follower");
        awaitVoters(3);

        AgentProcess leader = cluster.agent(cluster.awaitLeader().getString("leader"));
        List<AgentProcess> lost = cluster.agents().subList(0, 3).stream()
                .filter(agent -> agent != leader)
                .toList();
        lost.forEach(AgentProcess::kill);
        lost.forEach(agent -> erase(agent.directory().resolve("data")));
        lost.forEach(AgentProcess::start);
        for (AgentProcess agent : cluster.agents().subList(0, 3)) {
            await().atMost(AgentCluster.PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(raft(agent).getString("message"))
                            .as(agent.nodeId())
                            .contains("Data loss"));
            assertThat(raft(agent).getBoolean("raft_available")).isFalse();
        }

        push(1, "raft", true, Map.of("RINGRIFT_RAFT_RECOVERY_GENERATION", "1"));
        JsonObject after = awaitEpochAbove(first.getLong("epoch"), cluster.agents());
        assertThat(after.getString("source")).isEqualTo("raft");
    }

    @Test
    void aFreshDiskAmongVotersWhoseRaftIsOffOrStartsIsNoDataLoss() {
        start("raft", true);
        awaitRaftLeader(cluster.agents());
        push(1, "bully", false);
        AgentProcess wiped = cluster.agent("n-0");
        wiped.kill();
        erase(wiped.directory().resolve("data"));
        wiped.start();
        String[] others = others(wiped).stream().map(AgentProcess::nodeId).toArray(String[]::new);
        awaitWithoutDataLoss(wiped)
                .untilAsserted(() ->
                        assertThat(wiped.get("/status").orElseThrow().encode()).contains(others));
        // It has Raft on, and goes on to look for its group while the others have it off.
        awaitWithoutDataLoss(wiped)
                .during(Duration.ofSeconds(1))
                .until(() -> raft(wiped).getBoolean("raft_enabled"));
        push(2, "raft", true);
        awaitWithoutDataLoss(wiped).until(() -> "follower".equals(raft(wiped).getString("role")));
        awaitVoters(3);
    }

    // ---- helpers

    private void push(long generation, String mode, boolean raft) {
        push(generation, mode, raft, Map.of());
    }

    private void push(long generation, String mode, boolean raft, Map<String, String> more) {
        JsonObject keys = new JsonObject()
                .put("RINGRIFT_CONFIG_GENERATION", Long.toString(generation))
                .put("RINGRIFT_CONSENSUS_MODE", mode)
                .put("RINGRIFT_RAFT_ENABLED", Boolean.toString(raft));
        more.forEach(keys::put);
        String document =
                new JsonObject().put("generation", generation).put("keys", keys).encode();
        cluster.agents()
                .forEach(agent -> assertThat(agent.code("PUT", "/config", document))
                        .as(agent.nodeId())
                        .isEqualTo(200));
    }

    private JsonObject awaitRaftLeader(List<AgentProcess> asked) {
        return awaitSource("raft", asked);
    }

    private JsonObject awaitSource(String source, List<AgentProcess> asked) {
        await().atMost(AgentCluster.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> asked.forEach(
                        agent -> assertThat(agent.get("/leader").orElseThrow().getString("source"))
                                .as(agent.nodeId())
                                .isEqualTo(source)));
        return cluster.awaitLeader(asked);
    }

    private JsonObject awaitEpochAbove(long epoch, List<AgentProcess> asked) {
        await().atMost(AgentCluster.PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .ignoreExceptions()
                .untilAsserted(() -> asked.forEach(agent -> {
                    JsonObject leader = agent.get("/leader").orElseThrow();
                    assertThat(leader.getLong("epoch")).isGreaterThan(epoch);
                    assertThat(leader.getString("leader")).isNotNull();
                }));
        return cluster.awaitLeader(asked);
    }

    private void awaitRole(AgentProcess agent, String... roles) {
        await().atMost(AgentCluster.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(raft(agent).getString("role")).isIn((Object[]) roles));
    }

    /** Waits, and fails at once where that agent says that data is lost. */
    private static ConditionFactory awaitWithoutDataLoss(AgentProcess agent) {
        return await().atMost(AgentCluster.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .failFast(agent.nodeId() + " says that data is lost", () -> saysDataLoss(agent));
    }

    private static boolean saysDataLoss(AgentProcess agent) {
        return agent.get("/raft/status")
                .map(status -> status.getString("message"))
                .filter(message -> message.contains("Data loss"))
                .isPresent();
    }

    private void awaitVoters(int count) {
        await().atMost(AgentCluster.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> cluster.agents()
                        .subList(0, 3)
                        .forEach(agent -> assertThat(raft(agent).getJsonArray("voters"))
                                .as(agent.nodeId())
                                .hasSize(count)));
    }

    private static JsonObject raft(AgentProcess agent) {
        return agent.get("/raft/status").orElseThrow();
    }

    private List<AgentProcess> others(AgentProcess but) {
        return cluster.agents().stream().filter(agent -> agent != but).toList();
    }

    private static void erase(Path directory) {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
