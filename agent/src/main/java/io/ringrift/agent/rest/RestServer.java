package io.ringrift.agent.rest;

import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.security.Credential;
import io.ringrift.agent.security.TlsWatch;
import io.ringrift.agent.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The agent's REST API: one event loop for all listeners. Start it once, publish events to it, close it. */
public final class RestServer {

    /**
     * What the server needs of the rest of the agent.
     *
     * @param view the newest view; asked once per request, from the server's event loop. Addresses and ports are taken from it at start
     * @param clock time since the process started
     * @param startedAt what the wall clock said at that moment
     * @param instance fresh at every boot; names this process in event ids
     * @param version of the agent
     * @param advertisedHost under which address peers reach this node; with TLS it must be this machine's
     * @param tls empty: plain HTTP everywhere
     * @param credential what changes must present
     * @param drain has this node hand leadership over and stand no more; done when another leads, or after two seconds
     * @param knownPeer whether a literal address is that of a configured or known peer
     */
    public record Dependencies(
            Supplier<AgentView> view,
            Supplier<Duration> clock,
            Instant startedAt,
            String instance,
            String version,
            String advertisedHost,
            Optional<TlsWatch> tls,
            Credential credential,
            Predicate<String> knownPeer,
            ConfigHandler config,
            MessageHandler messages,
            SwimApi swim,
            Supplier<Future<Void>> drain,
            StateApi state,
            RaftApi raft,
            Metrics metrics) {}

    private final Vertx vertx;
    private final ServerVerticle verticle;
    private volatile String deployment;

    public RestServer(Vertx vertx, Dependencies dependencies) {
        this.vertx = vertx;
        this.verticle = new ServerVerticle(dependencies);
    }

    /** Listens as the view's configuration says. Fails with {@link ListenException} where an address or port cannot be had; nothing listens then. */
    public Future<RestServer> start() {
        return vertx.deployVerticle(verticle).map(id -> {
            deployment = id;
            return this;
        });
    }

    /** The port that all listeners share; what the system chose where the configuration says 0. */
    public int port() {
        return verticle.port();
    }

    /** Tells the streams of {@code /events}. From any thread; events of one thread keep their order. */
    public void publish(AgentEvent event) {
        verticle.publish(event);
    }

    /** Ends every connection with its next answer: clients go elsewhere before {@link #close}. From any thread. */
    public void drain() {
        verticle.drain();
    }

    /** Takes no more requests, ends the streams, lets the requests in flight be answered within five seconds. */
    public Future<Void> close() {
        return deployment == null ? Future.succeededFuture() : vertx.undeploy(deployment);
    }
}
