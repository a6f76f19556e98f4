package io.ringrift.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ringrift.agent.security.Certificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three agents as processes that speak TLS to each other, Raft included. Clients speak plain HTTP on loopback, as in a pod. */
class TlsIT {
    /** An address of this machine that agents take for a pod's: what comes to it must speak TLS. */
    private static final String ADDRESS = "127.0.0.2";

    private static final Certificates CERTIFICATES = new Certificates().authority("ca");

    @TempDir
    private Path root;

    private AgentCluster cluster;

    @BeforeEach
    void start() throws IOException {
        renew("first");
        Map<String, String> environment = new HashMap<>(AgentCluster.THREE_VOTERS);
        environment.put("RINGRIFT_BIND_ADDR", "0.0.0.0");
        environment.put("RINGRIFT_ADVERTISE_HOST", ADDRESS);
        environment.put("RINGRIFT_TLS_DIR", tls().toString());
        cluster = new AgentCluster(root, 3, environment);
        cluster.start();
        cluster.awaitRaft(cluster.agents());
    }

    @AfterEach
    void end() {
        cluster.close();
    }

    private Path tls() {
        return root.resolve("tls");
    }

    /** Another key and certificate in the place of those that are used, one file after the other, the key last. */
    private void renew(String name) throws IOException {
        Path issued = root.resolve(name);
        CERTIFICATES.issue("ca", name, "EC", issued);
        Files.createDirectories(tls());
        for (String file : List.of("ca.crt", "tls.crt", "tls.key")) {
            Files.copy(issued.resolve(file), tls().resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void plain(AgentProcess agent) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            http.send(
                    HttpRequest.newBuilder(URI.create("http://" + ADDRESS + ":" + agent.port() + "/leader"))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    @Test
    void forwardsRenewsAndFailsOver() throws IOException {
        for (AgentProcess agent : cluster.agents()) {
            StateClient client = new StateClient(agent);
            client.put("/kv/" + agent.nodeId(), "{\"value\": \"" + "x".repeat(1 << 19) + "\"}")
                    .expect(200);
            client.get("/kv/" + agent.nodeId()).expect(200);
            assertThatThrownBy(() -> plain(agent)).as(agent.nodeId()).isInstanceOf(IOException.class);
        }

        AgentProcess leader = cluster.agent(cluster.awaitLeader().getString("leader"));
        AgentProcess hands = cluster.agents().stream()
                .filter(agent -> !agent.equals(leader))
                .findFirst()
                .orElseThrow();
        try (CountingClients clients = new CountingClients(List.of(hands))) {
            clients.awaitWrites(20);
            renew("second");
            await().atMost(AgentCluster.PATIENCE)
                    .untilAsserted(() -> assertThat(cluster.agents())
                            .allSatisfy(agent -> assertThat(agent.output().split("Certificate in use", -1))
                                    .as("said at the start, and again")
                                    .hasSize(3)));
            clients.awaitWrites(clients.written() + 20);
            assertThat(clients.failures()).isEmpty();

            leader.kill();
            clients.awaitWrites(clients.written() + 20);
            leader.start();
            cluster.awaitRaft(cluster.agents());
            clients.assertNothingLost();
        }
    }
}
