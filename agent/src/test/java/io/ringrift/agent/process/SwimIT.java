package io.ringrift.agent.process;

import static io.ringrift.agent.process.SwimCluster.awaitOneView;
import static io.ringrift.agent.process.SwimCluster.awaitSource;
import static io.ringrift.agent.process.SwimCluster.fallback;
import static io.ringrift.agent.process.SwimCluster.metric;
import static io.ringrift.agent.process.SwimCluster.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Stage 2 between five real processes, default profile: the promise is a dead node known within five seconds, and no false one. */
class SwimIT {
    private static final Duration PROMISE = Duration.ofSeconds(5);

    @TempDir
    private static Path root;

    private static AgentCluster cluster;

    @BeforeAll
    static void start() {
        Map<String, String> environment = new HashMap<>(SwimCluster.SLOW_POLLING);
        environment.put("RINGRIFT_MEMBERSHIP_MODE", "swim");
        cluster = new AgentCluster(root, 5, environment).start();
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @BeforeEach
    void isWhole() {
        awaitOneView(cluster.agents());
        awaitSource(cluster.agents(), "swim");
    }

    @Test
    void aKilledLeaderIsFailedAtEveryOtherNodeWithinFiveSecondsAndIsReplacedAndReturns() {
        JsonObject first = cluster.awaitLeader();
        AgentProcess leader = cluster.agent(first.getString("leader"));
        List<AgentProcess> others = others(leader);

        long killed = System.nanoTime();
        leader.kill();

        await().atMost(PROMISE.multipliedBy(2))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(others)
                        .allSatisfy(agent ->
                                assertThat(state(agent, leader.nodeId())).isEqualTo("FAILED")));
        Duration known = SwimCluster.since(killed);
        System.out.println("killed to FAILED at all four others: " + known.toMillis() + " ms");
        assertThat(known).isLessThan(PROMISE);
        assertThat(others.getFirst().output()).contains("[SWIM] " + leader.nodeId() + " is now FAILED");
        assertThat(others)
                .allSatisfy(agent -> assertThat(agent.get("/members/" + leader.nodeId() + "/why")
                                .orElseThrow()
                                .getJsonArray("steps")
                                .encode())
                        .contains("suspected", "failed"));
        JsonObject second = cluster.awaitLeader(others);
        assertThat(second.getLong("epoch")).isGreaterThan(first.getLong("epoch"));

        leader.start();
        awaitOneView(cluster.agents());
        assertThat(others)
                .allSatisfy(agent -> assertThat(agent.output().split("is now FAILED"))
                        .as("one death was one death at " + agent.nodeId())
                        .hasSize(2));
    }

    @Test
    void aPauseOfHalfTheFailureTimeoutIsNoDeath() throws InterruptedException {
        AgentProcess paused = cluster.agents().get(1);
        String before = deaths(paused);
        paused.signal("STOP");
        // The length of the pause is what is tested.
        TimeUnit.MILLISECONDS.sleep(2_500);
        paused.signal("CONT");
        awaitOneView(cluster.agents());
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(others(paused))
                        .allSatisfy(agent ->
                                assertThat(state(agent, paused.nodeId())).isNotEqualTo("FAILED")));
        assertThat(deaths(paused)).isEqualTo(before);
    }

    @Test
    void nobodyIsPolledWhileSwimCoversAll() {
        JsonObject leader = cluster.awaitLeader();
        // A leader sends heartbeats over HTTP; the others have nothing to say there.
        List<AgentProcess> followers = others(cluster.agent(leader.getString("leader")));
        await().atMost(AgentCluster.PATIENCE).untilAsserted(() -> {
            List<Double> before = sent(followers);
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            assertThat(sent(followers))
                    .as("requests sent in three poll intervals")
                    .isEqualTo(before);
        });
    }

    @Test
    void garbageOfTwoThousandPacketsASecondKillsNobodyAndIsCounted() {
        bombard(Duration.ofSeconds(3));
    }

    @Test
    @EnabledIfSystemProperty(named = "ringrift.swim.long", matches = "true")
    void garbageForAMinuteDoesNotGrowAnybody() {
        bombard(Duration.ofSeconds(10));
        long warm = SwimCluster.residentKilobytes(target());
        bombard(Duration.ofSeconds(60));
        long after = SwimCluster.residentKilobytes(target());
        System.out.println("resident before and after a minute of garbage: " + warm + " and " + after + " KB");
        assertThat(after).isLessThan(warm + 8 * 1024);
    }

    private static void bombard(Duration duration) {
        AgentProcess target = target();
        String before = deaths(target);
        double dropped = metric(target, "ringrift_swim_packets_dropped_total");
        long sent = Garbage.send(target.swimPort(), 2_000, duration, 42);
        System.out.println(sent + " packets of garbage in " + duration.toSeconds() + " s, "
                + (long) (metric(target, "ringrift_swim_packets_dropped_total") - dropped) + " counted");
        awaitOneView(cluster.agents());
        assertThat(metric(target, "ringrift_swim_packets_dropped_total") - dropped)
                .as("of " + sent)
                .isGreaterThan(sent / 2.0);
        assertThat(deaths(target)).isEqualTo(before);
        assertThat(fallback(target).getBoolean("active")).isFalse();
        assertThat(target.output()).doesNotContain("An input failed");
    }

    private static AgentProcess target() {
        return cluster.agents().get(2);
    }

    /** The lines of every log that say that a node is dead. */
    private static String deaths(AgentProcess node) {
        return cluster.agents().stream()
                .flatMap(
                        agent -> agent.output().lines().filter(line -> line.contains(node.nodeId() + " is now FAILED")))
                .toList()
                .toString();
    }

    private static List<Double> sent(List<AgentProcess> agents) {
        return agents.stream()
                .map(agent -> metric(agent, "ringrift_messages_sent_total"))
                .toList();
    }

    private static List<AgentProcess> others(AgentProcess but) {
        return cluster.agents().stream().filter(agent -> agent != but).toList();
    }
}
