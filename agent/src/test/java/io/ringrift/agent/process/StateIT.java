package io.ringrift.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The replicated state of real processes, three voters and one that follows: through any of them, and through their ends. */
class StateIT {
    @TempDir
    private Path root;

    private AgentCluster cluster;

    private void start() {
        cluster = new AgentCluster(root, 4, AgentCluster.THREE_VOTERS);
        cluster.start();
        awaitRaft();
    }

    @AfterEach
    void end() {
        cluster.close();
    }

    @Test
    void everyOperationThroughEveryAgent() {
        start();
        for (AgentProcess agent : cluster.agents()) {
            StateClient client = new StateClient(agent);
            String id = agent.nodeId();
            keys(client, "k/" + id);
            work(client, "w-" + id);
            jobs(client, "j-" + id);
            locks(client, "l-" + id);
        }
        // A stale read at a node without a peer comes from one that has one.
        StateClient follower = new StateClient(cluster.agent("n-3"));
        await().atMost(AgentCluster.PATIENCE)
                .until(() -> follower.get("/kv/k/n-3?consistency=stale").status() == 200);
    }

    @Test
    void whoWaitsGetsWhatComesAndWhatTheDeadHeldComesBack() throws Exception {
        start();
        for (AgentProcess agent : cluster.agents()) {
            StateClient client = new StateClient(agent);
            Waiting claim = new Waiting(client, "/work/claim", "{\"node_id\": \"n-0\", \"wait_seconds\": 30}");
            client.post("/work", "{\"work_type\": \"t\"}").expect(201);
            assertThat(claim.answer().getJsonArray("items")).as(agent.nodeId()).hasSize(1);

            long token = client.post("/locks/l/acquire", "{\"owner\": \"a\"}")
                    .expect(200)
                    .getLong("token");
            Waiting lock = new Waiting(client, "/locks/l/acquire", "{\"owner\": \"b\", \"wait_seconds\": 30}");
            client.post("/locks/l/release", "{\"owner\": \"a\", \"token\": " + token + "}")
                    .expect(200);
            long next = lock.answer().getLong("token");
            assertThat(next).isGreaterThan(token);
            client.post("/locks/l/release", "{\"owner\": \"b\", \"token\": " + next + "}")
                    .expect(200);
        }
        StateClient client = new StateClient(cluster.agent("n-0"));
        assertThat(client.post("/work/claim", "{\"node_id\": \"n-0\", \"wait_seconds\": 1}")
                        .expect(200)
                        .getJsonArray("items"))
                .isEmpty();

        String id = client.post("/work", "{\"work_type\": \"t\"}")
                .expect(201)
                .getJsonArray("items")
                .getJsonObject(0)
                .getString("work_id");
        client.post("/work/claim", "{\"node_id\": \"n-3\"}").expect(200);
        client.put("/jobs/j", "{\"node_id\": \"n-3\"}").expect(200);
        cluster.agent("n-3").kill();
        await().atMost(AgentCluster.PATIENCE).untilAsserted(() -> {
            assertThat(client.get("/work/" + id).expect(200).getString("status"))
                    .isEqualTo("pending");
            assertThat(client.get("/jobs?node=n-3")
                            .expect(200)
                            .getJsonArray("items")
                            .getJsonObject(0)
                            .getBoolean("orphaned"))
                    .isTrue();
        });
    }

    @Test
    void operationsOfRaftThroughAnyAgent() {
        start();
        StateClient follower = new StateClient(cluster.agent("n-3"));
        follower.put("/kv/a", "{\"value\": 1}").expect(200);
        byte[] backup = follower.bytes("/raft/backup");
        follower.put("/kv/a", "{\"value\": 2}").expect(200);
        assertThat(follower.upload("/raft/restore", new byte[] {1, 2, 3})
                        .expect(400)
                        .getString("error"))
                .contains("Nothing was changed");
        assertThat(follower.get("/kv/a").expect(200).getInteger("value")).isEqualTo(2);
        follower.upload("/raft/restore", backup).expect(200);
        assertThat(follower.get("/kv/a").expect(200).getInteger("value")).isEqualTo(1);

        assertThat(follower.post("/raft/snapshot", "").expect(200).getLong("index"))
                .isPositive();
        follower.post("/raft/transfer", "{\"to\": \"n-3\"}").expect(400);
        String before = follower.get("/leader").expect(200).getString("leader");
        String after = follower.post("/raft/transfer", "").expect(200).getString("leader");
        assertThat(after).isNotEqualTo(before);
        follower.put("/kv/b", "{\"value\": 1}").expect(200);
        await().atMost(AgentCluster.PATIENCE)
                .until(() -> after.equals(follower.get("/leader").json().getString("leader")));
        assertThat(follower.send("PUT", "/kv/c", "{\"value\": \"" + "x".repeat((1 << 20) - 20) + "\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void leadersThatLeaveFailNobodyAndThoseThatAreKilledLoseNothing() {
        start();
        String leaving = leader();
        try (CountingClients clients = new CountingClients(cluster.agents())) {
            clients.awaitWrites(20);
            assertThat(cluster.agent(leaving).stop()).isIn(0, 143);
            clients.awaitWrites(clients.written() + 20);
            // Whoever asked the agent that left was answered, or found nobody there any more.
            assertThat(clients.failures()).allMatch(failure -> failure.startsWith(leaving + " java."));
        }
        cluster.agent(leaving).start();
        awaitRaft();

        String killed = leader();
        try (CountingClients clients = new CountingClients(others(killed))) {
            clients.awaitWrites(20);
            cluster.agent(killed).kill();
            clients.awaitWrites(clients.written() + 20);
            clients.assertNothingLost();
        }

        StateClient survivor = new StateClient(others(killed).getFirst());
        List<AgentProcess> voters = others(killed).stream()
                .filter(agent -> !agent.nodeId().equals("n-3"))
                .toList();
        StateClient lonely = new StateClient(voters.getFirst());
        survivor.put("/kv/last", "{\"value\": 1}").expect(200);
        // A follower hears that it is committed a moment after whoever wrote it.
        await().atMost(AgentCluster.PATIENCE)
                .until(() -> lonely.get("/kv/last?consistency=stale").status() == 200);
        voters.getLast().kill();
        await().atMost(AgentCluster.PATIENCE)
                .until(() -> lonely.get("/leader").json().getString("leader") == null);
        await().atMost(AgentCluster.PATIENCE)
                .untilAsserted(() -> assertThat(lonely.put("/kv/last", "{\"value\": 2}")
                                .expect(503)
                                .getString("code"))
                        .isEqualTo("NO_QUORUM"));
        lonely.get("/kv/last?consistency=stale").expect(200);

        cluster.agents().forEach(AgentProcess::close);
        cluster.agents().forEach(AgentProcess::start);
        awaitRaft();
        assertThat(new StateClient(cluster.agent("n-3"))
                        .get("/kv/last")
                        .expect(200)
                        .getInteger("value"))
                .isEqualTo(1);
    }

    @Test
    void aLeaderThatIsDrainedFailsNobodyAndIsNotElectedAgain() {
        start();
        String drained = leader();
        StateClient client = new StateClient(cluster.agent(drained));
        try (CountingClients clients = new CountingClients(cluster.agents())) {
            clients.awaitWrites(20);
            String second = client.post("/drain", "").expect(200).getString("leader");
            assertThat(second).isNotEqualTo(drained);
            clients.awaitWrites(clients.written() + 20);
            String third = client.post("/raft/transfer", "").expect(200).getString("leader");
            assertThat(third).isNotIn(drained, second);
            clients.awaitWrites(clients.written() + 20);
            assertThat(clients.failures()).isEmpty();
        }
        // Its vote counts all the same.
        String killed = leader();
        cluster.agent(killed).kill();
        cluster.awaitRaft(others(killed));
        assertThat(leader()).isNotIn(drained, killed);
    }

    @Test
    void aLeaderThatHasNoMajorityForAMomentFailsNobody() {
        start();
        String leader = leader();
        List<AgentProcess> voters = others(leader).stream()
                .filter(agent -> !agent.nodeId().equals("n-3"))
                .toList();
        try (CountingClients clients = new CountingClients(List.of(cluster.agent(leader)))) {
            clients.awaitWrites(20);
            voters.forEach(voter -> voter.signal("STOP"));
            await().atMost(AgentCluster.PATIENCE)
                    .until(() -> new StateClient(cluster.agent(leader))
                                    .get("/leader")
                                    .json()
                                    .getString("leader")
                            == null);
            voters.forEach(voter -> voter.signal("CONT"));
            clients.awaitWrites(clients.written() + 20);
            // What was under way when it stepped down was held, and sent again to whoever leads now.
            assertThat(clients.failures()).isEmpty();
            clients.assertNothingLost();
        }
    }

    @Test
    void everyStageDownAndUpAgainKeepsTheState() {
        start();
        StateClient client = new StateClient(cluster.agent("n-3"));
        client.put("/kv/a", "{\"value\": 1}").expect(200);
        push(1, "hybrid", true);
        client.put("/kv/b", "{\"value\": 1}").expect(200);
        push(2, "bully", false);
        assertThat(client.get("/kv/a").expect(503).getString("code")).isEqualTo("RAFT_DISABLED");
        cluster.awaitLeader();
        push(3, "raft", true);
        awaitRaft();
        assertThat(client.get("/kv").expect(200).getJsonArray("items")).hasSize(2);
    }

    private void push(long generation, String mode, boolean raft) {
        JsonObject keys = new JsonObject()
                .put("RINGRIFT_CONFIG_GENERATION", Long.toString(generation))
                .put("RINGRIFT_CONSENSUS_MODE", mode)
                .put("RINGRIFT_RAFT_ENABLED", Boolean.toString(raft));
        String document =
                new JsonObject().put("generation", generation).put("keys", keys).encode();
        cluster.agents()
                .forEach(
                        agent -> new StateClient(agent).put("/config", document).expect(200));
    }

    private String leader() {
        return cluster.awaitLeader().getString("leader");
    }

    private List<AgentProcess> others(String but) {
        return cluster.agents().stream()
                .filter(agent -> !agent.nodeId().equals(but))
                .toList();
    }

    /** A request that is under way. */
    private static final class Waiting {
        private final CompletableFuture<StateClient.Answer> answer;

        private Waiting(StateClient client, String path, String body) {
            answer = CompletableFuture.supplyAsync(() -> client.post(path, body));
        }

        private JsonObject answer() throws Exception {
            return answer.get(60, TimeUnit.SECONDS).expect(200);
        }
    }

    private static void keys(StateClient client, String key) {
        JsonObject put = client.put(
                        "/kv/" + key,
                        "{\"value\": {\"big\": 12345678901234567890.10, \"s\": \"\\u00e9\"}, \"if_version\": 0}")
                .expect(200);
        assertThat(put).isEqualTo(new JsonObject().put("key", key).put("version", put.getLong("version")));
        StateClient.Answer got = client.get("/kv/" + key);
        assertThat(got.text()).contains("\"value\":{\"big\": 12345678901234567890.10, \"s\": \"\\u00e9\"}");
        JsonObject conflict =
                client.put("/kv/" + key, "{\"value\": 2, \"if_version\": 0}").expect(409);
        assertThat(conflict.getString("code")).isEqualTo("VERSION_CONFLICT");
        assertThat(conflict.getJsonObject("details").getLong("version")).isEqualTo(put.getLong("version"));
        assertThat(client.get("/kv?prefix=k/").expect(200).getJsonArray("items"))
                .isNotEmpty();
        long epoch = client.get("/leader").expect(200).getLong("epoch");
        assertThat(client.send("PUT", "/kv/" + key, "{\"value\": 3}", "Ringrift-Epoch", Long.toString(epoch - 1))
                        .expect(412)
                        .getString("code"))
                .isEqualTo("STALE_EPOCH");
        client.send("PUT", "/kv/" + key, "{\"value\": null}", "Ringrift-Epoch", Long.toString(epoch))
                .expect(200);
        assertThat(client.get("/kv/" + key).expect(200).getValue("value")).isNull();
    }

    private static void work(StateClient client, String id) {
        String body = "[{\"work_id\": \"" + id + "\", \"work_type\": \"" + id
                + "\", \"config\": {\"a\": 1}}, {\"work_type\": \"" + id + "\", \"priority\": 90}]";
        JsonObject added =
                client.send("POST", "/work", body, "Idempotency-Key", id).expect(201);
        assertThat(client.send("POST", "/work", body, "Idempotency-Key", id).expect(201))
                .isEqualTo(added);
        String claim = "{\"node_id\": \"n-0\", \"work_types\": [\"" + id + "\"], \"max\": 5}";
        JsonArray claimed = client.post("/work/claim", claim).expect(200).getJsonArray("items");
        assertThat(claimed.getJsonObject(0).getInteger("priority")).isEqualTo(90);
        assertThat(claimed.getJsonObject(1).getString("work_id")).isEqualTo(id);
        assertThat(claimed.getJsonObject(1).getString("claimed_by")).isEqualTo("n-0");
        assertThat(client.post("/work/claim", claim).expect(200).getJsonArray("items"))
                .isEmpty();
        assertThat(client.post("/work/" + id + "/start", "{\"node_id\": \"n-1\"}")
                        .expect(409)
                        .getString("code"))
                .isEqualTo("NOT_CLAIMANT");
        client.post("/work/" + id + "/start", "{\"node_id\": \"n-0\"}").expect(200);
        JsonObject done = client.post("/work/" + id + "/complete", "{\"node_id\": \"n-0\", \"result\": [1]}")
                .expect(200);
        assertThat(done.getString("status")).isEqualTo("completed");
        assertThat(done.getJsonArray("result")).containsExactly(1);
        assertThat(client.post("/work/" + id + "/fail", "{\"node_id\": \"n-0\"}")
                        .expect(409)
                        .getString("code"))
                .isEqualTo("WRONG_STATE");
        assertThat(client.get("/work/" + id).expect(200)).isEqualTo(done);
        assertThat(client.get("/work?status=completed").expect(200).getJsonArray("items"))
                .contains(done);
        assertThat(client.get("/work/stats").expect(200).getInteger("completed"))
                .isPositive();
        client.get("/work/none").expect(404);
    }

    private static void jobs(StateClient client, String id) {
        JsonObject job = client.put("/jobs/" + id, "{\"node_id\": \"n-1\", \"image\": \"x\"}")
                .expect(200);
        assertThat(job.getString("image")).isEqualTo("x");
        assertThat(job.getString("status")).isEqualTo("assigned");
        client.put("/jobs/" + id, "{\"node_id\": \"n-1\", \"status\": \"x\"}").expect(400);
        client.post("/jobs/" + id + "/start", "").expect(200);
        JsonObject ended = client.post("/jobs/" + id + "/complete", "{\"error\": \"boom\"}")
                .expect(200);
        assertThat(ended.getString("status")).isEqualTo("failed");
        assertThat(ended.getString("error")).isEqualTo("boom");
        assertThat(client.get("/jobs?node=n-1").expect(200).getJsonArray("items"))
                .contains(ended);
    }

    private static void locks(StateClient client, String name) {
        JsonObject held =
                client.post("/locks/" + name + "/acquire", "{\"owner\": \"a\"}").expect(200);
        JsonObject locked =
                client.post("/locks/" + name + "/acquire", "{\"owner\": \"b\"}").expect(409);
        assertThat(locked.getString("code")).isEqualTo("LOCKED");
        assertThat(locked.getJsonObject("details").getString("owner")).isEqualTo("a");
        String own = "{\"owner\": \"a\", \"token\": " + held.getLong("token") + "}";
        client.post("/locks/" + name + "/renew", own).expect(200);
        assertThat(client.get("/locks/" + name).expect(200).getString("owner")).isEqualTo("a");
        client.post("/locks/" + name + "/release", own).expect(200);
        client.get("/locks/" + name).expect(404);
    }

    private void awaitRaft() {
        cluster.awaitRaft(cluster.agents());
    }
}
