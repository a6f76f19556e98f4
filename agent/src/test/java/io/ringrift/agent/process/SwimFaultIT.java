package io.ringrift.agent.process;

import static io.ringrift.agent.process.SwimCluster.assertNoFalseDeath;
import static io.ringrift.agent.process.SwimCluster.awaitOneView;
import static io.ringrift.agent.process.SwimCluster.awaitSource;
import static io.ringrift.agent.process.SwimCluster.fallback;
import static io.ringrift.agent.process.SwimCluster.metric;
import static io.ringrift.agent.process.SwimCluster.swim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where gossip does not get through: a port that is taken, keys that differ, keys that are changed while everything runs. */
class SwimFaultIT {
    private static final String OLD = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String NEW = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String WRONG = "//8CAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @TempDir
    private Path root;

    private AgentCluster cluster;

    @AfterEach
    void end() {
        cluster.close();
    }

    @Test
    void takenPortAndWrongKeyFallBackSayWhyAndRecoverAndKeysRotateUnnoticed() throws IOException {
        cluster = sealed(5, "hybrid");
        AgentProcess taken = cluster.agents().get(3);
        AgentProcess locked = cluster.agents().get(4);
        List<AgentProcess> healthy = cluster.agents().subList(0, 3);
        try (DatagramSocket thief = new DatagramSocket(taken.swimPort(), InetAddress.getLoopbackAddress())) {
            assertThat(thief.isBound()).isTrue();
            cluster.start();
            awaitOneView(cluster.agents());
            await().atMost(AgentCluster.PATIENCE)
                    .untilAsserted(() -> assertThat(fallback(taken).getString("reason"))
                            .isEqualTo("UDP port " + taken.swimPort()
                                    + " cannot be bound: Address already in use; HTTP polling decides"));
            assertThat(taken.output())
                    .contains("[SWIM] Failed to bind to SWIM port " + taken.swimPort() + ": Address already in use");
            assertThat(swim(taken).getBoolean("available")).isFalse();
            awaitSource(List.of(taken), "http");

            await().atMost(AgentCluster.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(swim(locked).getInteger("alive")).isEqualTo(4));
            SwimCluster.write(keys(locked), WRONG);
            await().atMost(AgentCluster.PATIENCE).ignoreExceptions().untilAsserted(() -> {
                assertThat(fallback(locked).getBoolean("active")).isTrue();
                assertThat(fallback(locked).getString("reason")).contains("gossip keys are not its peers'");
                assertThat(metric(locked, "ringrift_swim_packets_dropped_total"))
                        .isPositive();
                assertThat(healthy)
                        .allSatisfy(agent -> assertThat(SwimCluster.member(agent, locked.nodeId())
                                        .orElseThrow()
                                        .getBoolean("udp_unreachable"))
                                .isTrue());
            });
            awaitOneView(cluster.agents());
            assertThat(healthy)
                    .allSatisfy(agent -> assertThat(fallback(agent).getInteger("activations"))
                            .isZero());
        }
        SwimCluster.write(keys(locked), OLD);
        await().atMost(AgentCluster.PATIENCE)
                .untilAsserted(() -> assertThat(List.of(taken, locked))
                        .allSatisfy(agent ->
                                assertThat(fallback(agent).getBoolean("active")).isFalse()));
        awaitSource(cluster.agents(), "swim");
        awaitOneView(cluster.agents());
        await().atMost(AgentCluster.PATIENCE)
                .untilAsserted(() -> assertThat(cluster.agents())
                        .allSatisfy(agent -> assertThat(SwimCluster.members(agent))
                                .allSatisfy(member -> assertThat(member.getBoolean("udp_unreachable"))
                                        .isFalse())));
        rotate();
        assertNoFalseDeath(cluster.agents());
    }

    @Test
    void aloneItIsNoFallback() {
        cluster = new AgentCluster(root, 1, Map.of("RINGRIFT_MEMBERSHIP_MODE", "swim")).start();
        AgentProcess alone = cluster.agents().getFirst();
        cluster.awaitLeader();
        await().during(java.time.Duration.ofSeconds(4))
                .atMost(AgentCluster.PATIENCE)
                .untilAsserted(() ->
                        assertThat(fallback(alone).getInteger("activations")).isZero());
        assertThat(swim(alone).getBoolean("available")).isTrue();
        assertThat(alone.stop()).isIn(0, 143);
    }

    /** Add the new key, seal with it, remove the old one: at no step is a packet lost. */
    private void rotate() {
        double before = dropped();
        for (String[] step : List.of(new String[] {OLD, NEW}, new String[] {NEW, OLD}, new String[] {NEW})) {
            List<Long> reloads =
                    cluster.agents().stream().map(SwimFaultIT::reloads).toList();
            cluster.agents().forEach(agent -> SwimCluster.write(keys(agent), step));
            await().atMost(AgentCluster.PATIENCE)
                    .until(() -> cluster.agents().stream()
                            .map(SwimFaultIT::reloads)
                            .toList()
                            .equals(reloads.stream().map(count -> count + 1).toList()));
        }
        awaitOneView(cluster.agents());
        awaitSource(cluster.agents(), "swim");
        assertThat(dropped()).as("packets dropped by the rotation").isEqualTo(before);
    }

    private double dropped() {
        return cluster.agents().stream()
                .mapToDouble(agent -> metric(agent, "ringrift_swim_packets_dropped_total"))
                .sum();
    }

    private static long reloads(AgentProcess agent) {
        return agent.output()
                .lines()
                .filter(line -> line.contains("gossip-keys reloaded"))
                .count();
    }

    private AgentCluster sealed(int size, String mode) {
        Map<String, String> environment = new HashMap<>(SwimCluster.SLOW_POLLING);
        environment.put("RINGRIFT_MEMBERSHIP_MODE", mode);
        environment.put("RINGRIFT_GOSSIP_KEYS_FILE", "keys");
        AgentCluster made = new AgentCluster(root, size, environment);
        made.agents().forEach(agent -> SwimCluster.write(keys(agent), OLD));
        return made;
    }

    /** Relative to the working directory, which every agent has for itself. */
    private static Path keys(AgentProcess agent) {
        return agent.directory().resolve("keys");
    }
}
