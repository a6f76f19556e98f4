package io.ringrift.agent.rest;

import io.ringrift.agent.config.AgentConfig.Network;
import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.telemetry.Metrics;
import io.ringrift.agent.telemetry.RateLimitedLog;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.List;

/** Puts the server together and runs it on one event loop. */
final class ServerVerticle extends VerticleBase {
    private static final int CONNECTIONS = 256;
    private static final int EVENTS_KEPT = 1024;
    private static final long TICK_MILLIS = 1000;

    private final System.Logger log = System.getLogger(RestServer.class.getName());
    private final RestServer.Dependencies dependencies;
    private final ConnectionGuard guard;
    private final EventStreams events;
    private final Responder responder;
    private final Dispatcher dispatcher;
    private final RateLimitedLog limited;
    private HttpListeners listeners;
    private volatile int port;

    ServerVerticle(RestServer.Dependencies dependencies) {
        this.dependencies = dependencies;
        // Each member may hold a connection or two to poll and to send messages; strangers share what is left.
        this.guard = new ConnectionGuard(
                dependencies.clock(),
                () -> CONNECTIONS + 2 * dependencies.view().get().members().size());
        this.events = new EventStreams(
                new EventRing(dependencies.instance(), EVENTS_KEPT),
                dependencies.view(),
                new EventDocuments(new WallClock(dependencies.startedAt())),
                guard,
                dependencies.clock());
        this.responder = new Responder(dependencies.metrics(), guard, dependencies.clock());
        this.dispatcher = new Dispatcher(
                new AccessRules(dependencies.credential(), dependencies.knownPeer()),
                responder,
                guard,
                dependencies.clock(),
                log);
        this.limited = new RateLimitedLog(log, dependencies.clock(), 5);
    }

    int port() {
        return port;
    }

    void publish(AgentEvent event) {
        context.runOnContext(here -> events.publish(event));
    }

    void drain() {
        context.runOnContext(here -> responder.drain());
    }

    @Override
    public Future<?> start() {
        observe(dependencies.metrics());
        Network network = dependencies.view().get().config().network();
        List<Listener> plan = Listener.plan(
                network, dependencies.advertisedHost(), dependencies.tls().isPresent(), loopbacks());
        Documents documents = new Documents(new WallClock(dependencies.startedAt()), dependencies.version());
        Router router = RouteTable.of(
                        new AgentRoutes(dependencies, documents, events),
                        new SwimRoutes(
                                dependencies.view(), dependencies.swim(), new WallClock(dependencies.startedAt())),
                        new StateRoutes(dependencies.state()),
                        new RaftRoutes(dependencies.raft()))
                .router(vertx, dispatcher);
        listeners = new HttpListeners(vertx, dependencies.tls(), server -> handle(server, router), log);
        vertx.setPeriodic(TICK_MILLIS, tick -> {
            guard.closeExpired();
            dispatcher.look();
            events.tick();
        });
        return listeners.open(plan, network.httpPort()).onSuccess(chosen -> port = chosen);
    }

    @Override
    public Future<?> stop() {
        events.end();
        return listeners.close();
    }

    private void handle(HttpServer server, Router router) {
        server.requestHandler(request -> dispatcher.accept(request, router))
                .connectionHandler(guard::opened)
                .invalidRequestHandler(request -> dispatcher.refuse(request, RouteTable.malformed(request)))
                .exceptionHandler(
                        broken -> limited.log(Level.DEBUG, "connection", () -> "[HTTP] A connection broke: " + broken));
    }

    private void observe(Metrics metrics) {
        metrics.gauge("ringrift_http_connections", "Open connections.", guard::open);
        metrics.counter(
                "ringrift_http_connections_cut",
                "Connections this side ended: too slow, too many, or not reading.",
                guard::cut);
        metrics.gauge("ringrift_event_streams", "Open event streams.", events::open);
        metrics.counter("ringrift_event_streams_cut", "Event streams whose reader was too slow.", events::cutOff);
    }

    private static List<String> loopbacks() {
        try {
            boolean six = Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                    .flatMap(each -> Collections.list(each.getInetAddresses()).stream())
                    .anyMatch(address -> address instanceof Inet6Address && address.isLoopbackAddress());
            return six ? List.of("127.0.0.1", "::1") : List.of("127.0.0.1");
        } catch (SocketException e) {
            return List.of("127.0.0.1");
        }
    }
}
