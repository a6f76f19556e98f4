package io.ringrift.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.AgentConfig.Peer;
import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.config.Secret;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.bully.Remembered;
import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.coordinator.Boot;
import io.ringrift.agent.coordinator.DropReason;
import io.ringrift.agent.coordinator.HybridCoordinator;
import io.ringrift.agent.coordinator.Message.Body;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.process.FreePorts;
import io.ringrift.agent.sim.Configs;
import io.ringrift.agent.sim.SwimOff;
import io.ringrift.agent.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real loops over real sockets and disks, in one process. */
class CoreLoopTest {
    private static final ConfigStatus STATUS = new ConfigStatus(OptionalLong.empty(), Optional.empty());
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final Queue<AgentEvent> events = new ConcurrentLinkedQueue<>();
    private List<Node> nodes;

    private record Node(String id, int port, CoreLoop loop, PeerTransport transport, HttpServer server) {}

    @BeforeEach
    void start() throws Exception {
        List<Integer> ports = FreePorts.take(3);
        nodes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            nodes.add(node(i, ports));
        }
        for (Node node : nodes) {
            node.loop.start().await();
        }
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void electsHandsOverAndRemembers() throws Exception {
        await().atMost(SOON).until(() -> leadership(0).leader().equals(Optional.of("n2")));
        await().atMost(SOON)
                .until(() ->
                        leadership(1).equals(leadership(0)) && leadership(2).equals(leadership(0)));
        long epoch = leadership(0).epoch();
        assertThat(nodes.get(0).loop.view().members())
                .hasSize(3)
                .allSatisfy(member -> assertThat(member.state()).isEqualTo(MemberState.ALIVE));
        assertThat(nodes.get(0).loop.view().viewHash())
                .isEqualTo(nodes.get(1).loop.view().viewHash());

        nodes.get(2).loop.stop().await();

        await().atMost(SOON).until(() -> leadership(0).leader().equals(Optional.of("n1")));
        assertThat(leadership(0).epoch()).isGreaterThan(epoch);
        assertThat(nodes.get(0).loop.view().members())
                .filteredOn(member -> member.nodeId().equals("n2"))
                .singleElement()
                .satisfies(member -> assertThat(member.state()).isEqualTo(MemberState.LEFT));
        long promised = EpochStore.open(directory.resolve("n0")).remembered().epoch();
        assertThat(promised).isEqualTo(leadership(0).epoch());
        assertThat(events)
                .anyMatch(event -> event instanceof AgentEvent.LeaderChanged changed
                        && changed.leadership().leader().equals(Optional.of("n1")));
    }

    @Test
    void countsAndRefusesWhatIsNoMessage() {
        CoreLoop loop = nodes.get(0).loop;
        JsonObject foreign = MessageCodec.encode(Messages.with(new Body.Noted()));

        assertThat(failure(loop.handle(new JsonObject(), "127.0.0.1"))).isEqualTo(DropReason.MALFORMED);
        assertThat(failure(loop.handle(foreign, "127.0.0.1"))).isEqualTo(DropReason.FOREIGN_CLUSTER);
        Metrics metrics = new Metrics(loop::view, loop::now, "test");
        loop.counters().observe(metrics);
        assertThat(metrics.scrape())
                .containsPattern("dropped_total\\{[^}]*malformed[^}]*} 1.0")
                .containsPattern("dropped_total\\{[^}]*foreign-cluster[^}]*} 1.0");
    }

    private Node node(int index, List<Integer> ports) throws Exception {
        String id = "n" + index;
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            if (i != index) {
                peers.add(new Peer.Named("n" + i, "127.0.0.1", OptionalInt.of(ports.get(i))));
            }
        }
        AgentConfig config = Configs.of(id)
                .host(Optional.of("127.0.0.1"))
                .port(ports.get(index))
                .peers(peers)
                .http(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(5))
                .build();
        PeerTransport transport =
                new PeerTransport(vertx, Optional.empty(), () -> Optional.of(new Secret("a-secret-of-the-cluster")));
        CoreLoop loop = new CoreLoop(
                vertx,
                now -> new HybridCoordinator(
                        new Boot(index + 1, 1_000 + index, Remembered.NOTHING, false),
                        config,
                        STATUS,
                        new SwimOff(),
                        RandomGenerator.getDefault(),
                        now),
                transport,
                EpochStore.open(Files.createDirectories(directory.resolve(id))).store(),
                new EventLog(id, System.getLogger("test." + id)),
                seeds -> {});
        loop.subscribe(events::add);
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> serve(loop, request))
                .listen(ports.get(index), "127.0.0.1")
                .await();
        return new Node(id, ports.get(index), loop, transport, server);
    }

    private static void serve(CoreLoop loop, HttpServerRequest request) {
        assertThat(request.getHeader("Authorization")).isEqualTo("Bearer a-secret-of-the-cluster");
        request.body()
                .compose(body ->
                        loop.handle(body.toJsonObject(), request.remoteAddress().host()))
                .onSuccess(answer -> request.response().end(answer.toBuffer()))
                .onFailure(failure -> request.response().setStatusCode(400).end());
    }

    private Leadership leadership(int index) {
        return nodes.get(index).loop.view().leadership();
    }

    private static DropReason failure(Future<JsonObject> answer) {
        await().until(answer::isComplete);
        return ((MessageDropped) answer.cause()).reason();
    }
}
