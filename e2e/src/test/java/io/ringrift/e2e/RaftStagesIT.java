package io.ringrift.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Stages 3 and 4 by editing one field, a leader lost while somebody works, and back with everything kept. */
@OnKubernetes
@Order(5)
class RaftStagesIT {

    private static final List<String> PODS = List.of("raft-0", "raft-1", "raft-2", "raft-3", "raft-4");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** A follower that votes in nothing: what it is asked goes on to the leader. */
    private static final String ASKED = "raft-4";

    private static RingRift ring;

    @BeforeAll
    static void apply(Kubernetes kubernetes, Release release) {
        ring = RingRift.of(
                kubernetes,
                "raft",
                "raft",
                // Its voters share two cores with Kubernetes itself: the profile for that.
                "{stage: 0, replicas: 5, consensus: {profile: steady}, rollout: {soak: 0s, verify: 1s, steps: [\"1\", \"100%\"]}, agent: {resources: {requests: {cpu: 50m}}}}");
        ring.awaitReadyWith(PODS.size());
    }

    @AfterAll
    static void remove() {
        ring.close();
    }

    @Test
    @Order(1)
    void walksFromTheBottomToTheTopWithoutRestartingAnything() {
        var lives = ring.lives();
        long epoch = ring.epoch();

        ring.walkTo(4);

        assertThat(ring.column("STAGE")).isEqualTo("4");
        assertThat(ring.column("MEMBERSHIP")).isEqualTo("swim");
        assertThat(ring.column("CONSENSUS")).isEqualTo("raft");
        everyAgentIn("raft", "raft");
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(ring.status().at("/consensus/source").asText()).isEqualTo("raft");
            assertThat(ring.status().at("/consensus/voters").size()).isEqualTo(3);
            assertThat(ring.status().at("/consensus/fallbackActive").asBoolean(true))
                    .isFalse();
            assertThat(ring.epoch()).isGreaterThan(epoch);
        });
        assertThat(ring.lives()).isEqualTo(lives);
    }

    @Test
    @Order(2)
    void whoWorksSeesNoErrorWhenTheLeadersPodIsDeleted() throws Exception {
        String before = ring.leader();
        long epoch = ring.epoch();
        try (var worker = ring.worker(ASKED).start()) {
            await().atMost(PATIENCE).until(() -> worker.completed().size() >= 5);
            ring.kubectl("delete", "pod", before, "--wait=false").ok();
            long deleted = System.nanoTime();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .untilAsserted(() -> assertThat(ring.column("LEADER"))
                            .startsWith("raft-")
                            .isNotEqualTo(before));
            System.out.printf(
                    "leader's pod deleted -> another in kubectl get rrc: %.1f s%n",
                    (System.nanoTime() - deleted) / 1e9);
            assertThat(ring.epoch()).isGreaterThan(epoch);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(ring.behind("raft-leader")).containsExactly(ring.leader()));
            ring.awaitReadyWith(PODS.size());
            worker.end();
            assertThat(worker.errors()).isEmpty();
            assertThat(worker.completed()).hasSizeGreaterThan(10).doesNotHaveDuplicates();
            assertThat(new HashSet<>(worker.completed())).isEqualTo(new HashSet<>(worker.added()));
        }
    }

    @Test
    @Order(3)
    void keepsWhatWasAcknowledgedOnTheWayDownAndUp() throws Exception {
        var lives = ring.lives();
        try (var asked = ring.worker(ASKED)) {
            asked.post("/work", "{\"work_id\": \"kept\", \"work_type\": \"later\"}");
            JsonNode claimed = asked.post("/work/claim", "{\"node_id\": \"raft-3\", \"work_types\": [\"later\"]}");
            assertThat(claimed.at("/items/0/work_id").asText()).isEqualTo("kept");

            ring.walkTo(0);
            everyAgentIn("bully", "bully");
            ring.walkTo(4);
            everyAgentIn("raft", "raft");

            JsonNode kept = asked.get("/work/kept");
            assertThat(kept.path("status").asText()).isEqualTo("claimed");
            assertThat(kept.path("claimed_by").asText()).isEqualTo("raft-3");
            asked.post("/work/kept/start", "{\"node_id\": \"raft-3\"}");
            asked.post("/work/kept/complete", "{\"node_id\": \"raft-3\"}");
        }
        assertThat(ring.lives()).isEqualTo(lives);
    }

    /** All agents decide by that, and name the same leader of that source. */
    private static void everyAgentIn(String mode, String source) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            var leaders = PODS.stream().flatMap(pod -> {
                JsonNode status = ring.agent(pod, "/status");
                assertThat(status.at("/swim_raft/consensus_mode").asText())
                        .as(pod)
                        .isEqualTo(mode);
                assertThat(status.at("/leader/source").asText()).as(pod).isEqualTo(source);
                return Stream.of(status.at("/leader/id").asText() + " "
                        + status.at("/leader/epoch").asLong());
            });
            assertThat(leaders.distinct()).hasSize(1);
        });
    }
}
