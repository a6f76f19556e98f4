package io.ringrift.agent.rest;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.config.Secret;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.coordinator.FallbackState;
import io.ringrift.agent.gateway.RaftOperations;
import io.ringrift.agent.gateway.StateGateway;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.raft.RaftHost;
import io.ringrift.agent.runtime.PeerTransport;
import io.ringrift.agent.security.Credential;
import io.ringrift.agent.security.TlsWatch;
import io.ringrift.agent.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** A real server on an ephemeral port of 127.0.0.1, in front of a view made by hand. */
final class TestAgent implements AutoCloseable {
    static final String TOKEN = "a-token-of-enough-characters";
    static final Instant STARTED = Instant.parse("2026-01-02T03:04:05Z");

    final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(2));
    final AtomicReference<AgentView> view;
    final AtomicReference<Duration> now = new AtomicReference<>(Duration.ofSeconds(100));
    final Metrics metrics;
    final Credential credential;
    /** As in an agent whose Raft peer does not run. */
    final StateGateway state;

    final RestServer.Dependencies dependencies;
    final RestServer server;
    final HttpClient http = HttpClient.newHttpClient();
    private final Optional<TlsWatch> tls;
    final RaftHost raft = RaftHost.of(config(0, MembershipMode.HTTP, ConsensusMode.BULLY), Optional.empty());

    /** What differs from test to test. */
    record Setup(
            AgentView view,
            Optional<Secret> token,
            ConfigHandler config,
            MessageHandler messages,
            Optional<Path> tlsDir) {
        static Setup standard() {
            return new Setup(
                    TestAgent.view(),
                    Optional.of(new Secret(TOKEN)),
                    (generation, keys) -> Future.succeededFuture(
                            new ConfigHandler.Applied(new ConfigStatus(OptionalLong.of(generation), Optional.empty()))),
                    (message, host) -> Future.succeededFuture(new JsonObject().put("echo", message)),
                    Optional.empty());
        }

        Setup view(UnaryOperator<AgentView> change) {
            return new Setup(change.apply(view), token, config, messages, tlsDir);
        }

        Setup withoutToken() {
            return new Setup(view, Optional.empty(), config, messages, tlsDir);
        }

        Setup config(ConfigHandler handler) {
            return new Setup(view, token, handler, messages, tlsDir);
        }

        Setup messages(MessageHandler handler) {
            return new Setup(view, token, config, handler, tlsDir);
        }

        Setup tls(Path dir) {
            return new Setup(view, token, config, messages, Optional.of(dir));
        }
    }

    TestAgent(Setup setup) {
        view = new AtomicReference<>(setup.view());
        metrics = new Metrics(view::get, now::get, "0.1.0");
        credential = new Credential(setup.token());
        tls = setup.tlsDir().map(dir -> orClose(TlsWatch.open(vertx, dir, metrics)));
        state = new StateGateway(vertx, view::get, now::get, raft.localLog(), peers(), "boot1");
        dependencies = new RestServer.Dependencies(
                view::get,
                now::get,
                STARTED,
                "boot1",
                "0.1.0",
                "127.0.0.2",
                tls,
                credential,
                "10.0.0.7"::equals,
                setup.config(),
                setup.messages(),
                SwimApi.off(),
                Future::succeededFuture,
                state,
                new RaftOperations(vertx, view::get, raft.localLog(), state, peers()),
                metrics);
        server = new RestServer(vertx, dependencies);
        orClose(server.start());
    }

    /** Waits; what cannot start leaves no threads behind. */
    private <T> T orClose(Future<T> started) {
        try {
            return await(started);
        } catch (RuntimeException e) {
            await(vertx.close());
            throw e;
        }
    }

    static TestAgent standard() {
        return new TestAgent(Setup.standard());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private PeerTransport peers() {
        return new PeerTransport(vertx, Optional.empty(), Optional::empty);
    }

    /** The table that a server with these dependencies serves. */
    static RouteTable routes(TestAgent agent) {
        ConnectionGuard guard = new ConnectionGuard(agent.now::get, () -> 1);
        EventStreams events = new EventStreams(
                new EventRing("boot1", 8),
                agent.view::get,
                new EventDocuments(new WallClock(STARTED)),
                guard,
                agent.now::get);
        return RouteTable.of(
                new AgentRoutes(agent.dependencies, new Documents(new WallClock(STARTED), "0.1.0"), events),
                new SwimRoutes(agent.view::get, SwimApi.off(), new WallClock(STARTED)),
                new StateRoutes(agent.dependencies.state()),
                new RaftRoutes(agent.dependencies.raft()));
    }

    /** The value of one line of /metrics, labels included in the name; NaN where there is none. */
    double metric(String name) {
        return metrics.scrape()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    int port() {
        return server.port();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    HttpResponse<String> change(String method, String path, String body) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + TOKEN)
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonObject json(HttpResponse<String> response) {
        return new JsonObject(response.body());
    }

    @Override
    public void close() {
        http.shutdownNow();
        await(server.close());
        raft.close();
        tls.ifPresent(TlsWatch::close);
        await(vertx.close());
    }

    static AgentView view() {
        return new AgentView(
                Duration.ofSeconds(99),
                "demo-0",
                7,
                config(0, MembershipMode.HTTP, ConsensusMode.BULLY),
                new ConfigStatus(OptionalLong.of(12), Optional.empty()),
                List.of(member("demo-0", MemberState.ALIVE), member("demo-1", MemberState.SUSPECTED)),
                "abc123",
                true,
                new Leadership(Optional.of("demo-1"), 31, Optional.of(Leadership.Source.BULLY)),
                Optional.empty(),
                false,
                false,
                new AgentView.SwimView(false, false, Optional.empty(), List.of()),
                new AgentView.RaftView(false, false, false, Optional.empty(), Optional.empty()),
                new FallbackState(false, false, Optional.empty(), Optional.empty(), 0),
                new FallbackState(false, false, Optional.empty(), Optional.empty(), 0));
    }

    static Member member(String nodeId, MemberState state) {
        return new Member(
                nodeId,
                state,
                Optional.of("10.0.0.1:8770"),
                3,
                Member.Source.HTTP,
                Duration.ofSeconds(5),
                false,
                Optional.of(new Member.Modes(MembershipMode.HTTP, ConsensusMode.BULLY, OptionalLong.of(12))));
    }

    static AgentConfig config(int port, MembershipMode membership, ConsensusMode consensus) {
        return new AgentConfig(
                OptionalLong.of(12),
                "demo-0",
                "default/demo",
                List.of(),
                new AgentConfig.Network("127.0.0.1", Optional.empty(), port, 7947, 4321),
                membership,
                new AgentConfig.Swim(
                        membership != MembershipMode.HTTP,
                        AgentConfig.SwimProfile.DEFAULT,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(1),
                        3,
                        10),
                new AgentConfig.HttpPolling(Duration.ofSeconds(15), Duration.ofSeconds(45), Duration.ofSeconds(75)),
                consensus,
                new AgentConfig.Bully(0, AgentConfig.BullyQuorum.MAJORITY),
                new AgentConfig.Raft(consensus != ConsensusMode.BULLY, List.of(), AgentConfig.RaftProfile.DEFAULT, 0),
                Path.of("data"),
                new AgentConfig.Security(Optional.empty(), Optional.empty(), Optional.empty()),
                new AgentConfig.Logging(AgentConfig.LogFormat.TEXT, System.Logger.Level.INFO));
    }

    /** The same configuration on another address. */
    static AgentConfig bound(AgentConfig config, String bindAddress, int port) {
        return new AgentConfig(
                config.generation(),
                config.nodeId(),
                config.clusterName(),
                config.peers(),
                new AgentConfig.Network(bindAddress, Optional.empty(), port, 7947, 4321),
                config.membershipMode(),
                config.swim(),
                config.http(),
                config.consensusMode(),
                config.bully(),
                config.raft(),
                config.dataDir(),
                config.security(),
                config.logging());
    }

    /** The same with nobody leading. */
    static AgentView leaderless(AgentView view, String why) {
        return view.with()
                .leadership(Leadership.none(view.leadership().epoch()))
                .leaderless(Optional.of(why))
                .mayAct(false)
                .build();
    }

    /** The same led by the node itself, elected by Raft, whose lease is in force or not. */
    static AgentView leadingByRaft(AgentView view, boolean mayAct) {
        return view.with()
                .leadership(new Leadership(Optional.of(view.nodeId()), 32, Optional.of(Leadership.Source.RAFT)))
                .mayAct(mayAct)
                .build();
    }
}
