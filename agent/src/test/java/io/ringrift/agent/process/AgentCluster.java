package io.ringrift.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Agents {@code n-0 .. n-k} as processes of one cluster on this machine, configured by environment variables alone. */
final class AgentCluster implements AutoCloseable {
    /** Fast enough for a test, with the default's proportions. */
    private static final Map<String, String> QUICK = Map.of(
            "RINGRIFT_HTTP_POLL_INTERVAL", "500ms",
            "RINGRIFT_HTTP_SUSPECT_AFTER", "2s",
            "RINGRIFT_HTTP_FAILED_AFTER", "4s");

    /** The first three vote in Raft. Tests share their cores with others: no leader is taken away because it had to wait for one. */
    static final Map<String, String> THREE_VOTERS = Map.of(
            "RAFT_VOTERS", "n-0,n-1,n-2",
            "RINGRIFT_CONSENSUS_MODE", "raft",
            "RINGRIFT_RAFT_ENABLED", "true",
            "RINGRIFT_RAFT_PROFILE", "throttled");

    /** Longer than a Bully lease and an election after it, on a machine that does other work too. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<AgentProcess> agents;

    AgentCluster(Path root, int size, Map<String, String> extra) {
        List<Integer> ports = FreePorts.take(size * 3);
        String host = extra.getOrDefault("RINGRIFT_ADVERTISE_HOST", "127.0.0.1");
        String peers = IntStream.range(0, size)
                .mapToObj(i -> "n-" + i + "=" + host + ":" + ports.get(3 * i))
                .collect(Collectors.joining(","));
        agents = IntStream.range(0, size)
                .mapToObj(i -> agent(root, i, ports.subList(3 * i, 3 * i + 3), peers, extra))
                .toList();
    }

    private static AgentProcess agent(Path root, int i, List<Integer> ports, String peers, Map<String, String> extra) {
        Path directory = root.resolve("n-" + i);
        Map<String, String> environment = new LinkedHashMap<>(QUICK);
        environment.put("RINGRIFT_NODE_ID", "n-" + i);
        environment.put("RINGRIFT_CLUSTER_NAME", "processes");
        environment.put("RINGRIFT_BIND_ADDR", "127.0.0.1");
        environment.put("RINGRIFT_P2P_PORT", ports.get(0).toString());
        environment.put("RINGRIFT_SWIM_PORT", ports.get(1).toString());
        environment.put("RINGRIFT_RAFT_PORT", ports.get(2).toString());
        environment.put("RINGRIFT_PEERS", peers);
        environment.put("RINGRIFT_DATA_DIR", directory.resolve("data").toString());
        environment.putAll(extra);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new AgentProcess("n-" + i, ports.get(0), directory, environment);
    }

    AgentCluster start() {
        agents.forEach(AgentProcess::start);
        return this;
    }

    AgentProcess agent(String nodeId) {
        return agents.stream()
                .filter(agent -> agent.nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow();
    }

    List<AgentProcess> agents() {
        return agents;
    }

    /** Waits until every one of {@code asked} names the same leader, one of {@code asked}, under the same epoch. */
    JsonObject awaitLeader(List<AgentProcess> asked) {
        AtomicReference<JsonObject> answer = new AtomicReference<>();
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            Set<String> answers = asked.stream()
                    .map(agent -> agent.get("/leader").orElse(new JsonObject()))
                    .map(leader -> leader.getString("leader") + " " + leader.getLong("epoch"))
                    .collect(Collectors.toSet());
            assertThat(answers).hasSize(1);
            JsonObject leader = asked.getFirst().get("/leader").orElseThrow();
            assertThat(asked).extracting(AgentProcess::nodeId).contains(leader.getString("leader"));
            answer.set(leader);
        });
        return answer.get();
    }

    JsonObject awaitLeader() {
        return awaitLeader(agents.stream().filter(AgentProcess::alive).toList());
    }

    /** Waits until all of {@code asked} name a leader that Raft elected. */
    void awaitRaft(List<AgentProcess> asked) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> asked.forEach(
                        agent -> assertThat(agent.get("/leader").orElseThrow().getString("source"))
                                .as(agent.nodeId())
                                .isEqualTo("raft")));
    }

    @Override
    public void close() {
        agents.forEach(AgentProcess::close);
    }
}
