package io.ringrift.agent;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.ConfigState;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.coordinator.Boot;
import io.ringrift.agent.coordinator.HybridCoordinator;
import io.ringrift.agent.gateway.Housekeeper;
import io.ringrift.agent.gateway.RaftOperations;
import io.ringrift.agent.gateway.StateGateway;
import io.ringrift.agent.raft.RaftHost;
import io.ringrift.agent.rest.ApiException;
import io.ringrift.agent.rest.ErrorCode;
import io.ringrift.agent.rest.RestServer;
import io.ringrift.agent.rest.SwimApi;
import io.ringrift.agent.runtime.AdvertisedHost;
import io.ringrift.agent.runtime.CoreLoop;
import io.ringrift.agent.runtime.EpochStore;
import io.ringrift.agent.runtime.EventLog;
import io.ringrift.agent.runtime.KnownPeers;
import io.ringrift.agent.runtime.MessageDropped;
import io.ringrift.agent.runtime.PeerTransport;
import io.ringrift.agent.runtime.SwimLoop;
import io.ringrift.agent.runtime.SwimTcp;
import io.ringrift.agent.security.Credential;
import io.ringrift.agent.security.TlsMaterial;
import io.ringrift.agent.security.TlsWatch;
import io.ringrift.agent.telemetry.LogLines;
import io.ringrift.agent.telemetry.Logs;
import io.ringrift.agent.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Puts the parts of one agent together. Start it once, then stop it once. */
final class Agent {
    private static final Duration LOOK_FOR_LEFTOVERS = Duration.ofSeconds(5);

    private final System.Logger log = System.getLogger(Agent.class.getName());
    private final AdvertisedHost advertised;
    private final String version = Version.of(Agent.class);
    private final SecureRandom secure = new SecureRandom();
    private final long instance = secure.nextLong();
    private final Vertx vertx = Vertx.vertx(lean());
    private final Credential credential;
    private final ConfigControl configuration;

    private CoreLoop loop;
    private SwimLoop swim;
    private RaftHost raft;
    private RestServer server;
    private PeerTransport transport;
    private PeerTransport forwards;
    private Optional<TlsWatch> tls = Optional.empty();

    /** @param configState valid; this agent owns it from now on */
    Agent(ConfigState configState, Logs logs) {
        AgentConfig config = configState.config();
        advertised = AdvertisedHost.of(config.network());
        credential = new Credential(config.security().authToken());
        configuration = new ConfigControl(vertx, configState, advertised, credential, logs);
    }

    /** Listens, then joins the cluster. Fails with a sentence where it cannot. */
    Future<Void> start() {
        AgentConfig config = configuration.config();
        log.log(
                Level.INFO,
                "[Agent] Starting {0} of cluster {1}, version {2}",
                config.nodeId(),
                config.clusterName(),
                version);
        EpochStore.Opened stored = EpochStore.open(config.dataDir());
        stored.problem().ifPresent(problem -> log.log(Level.ERROR, "[Bully] {0}", problem));
        Boot boot = boot(stored);
        Metrics metrics = new Metrics(() -> loop.view(), () -> loop.now(), version);
        return openTls(config, metrics)
                .compose(opened -> {
                    build(config, boot, stored.store(), metrics);
                    return server.start();
                })
                .compose(listening -> swim.configure(config))
                .compose(started -> {
                    configuration.start(loop, swim);
                    return loop.start();
                })
                .onSuccess(started -> LogLines.startup(loop.view()).forEach(line -> log.log(line.level(), line.text())))
                .onFailure(failed -> vertx.close());
    }

    /** Says goodbye, answers what is in flight, and ends. */
    Future<Void> stop() {
        log.log(Level.INFO, "[Agent] Leaving");
        server.drain();
        return configuration
                .stop()
                .transform(closed -> loop.retire())
                .transform(handedOver -> Future.join(loop.stop(), swim.stop()))
                .transform(left -> server.close())
                .transform(closed -> vertx.executeBlocking(() -> {
                    raft.close();
                    return null;
                }))
                .transform(closed -> Future.join(transport.close(), forwards.close()))
                .transform(closed -> vertx.close())
                .onSuccess(ended -> log.log(Level.INFO, "[Agent] Left"));
    }

    /**
     * Few threads and no file cache: the agent is a guest in somebody else's pod. The cores have one event loop, the REST API has
     * another, SWIM the third.
     */
    private static VertxOptions lean() {
        return new VertxOptions()
                .setEventLoopPoolSize(3)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
    }

    private Boot boot(EpochStore.Opened stored) {
        long incarnation = Math.max(System.currentTimeMillis(), stored.incarnation() + 1);
        try {
            stored.store().begin(incarnation);
        } catch (IOException e) {
            log.log(
                    Level.ERROR,
                    "[Bully] Cannot write to RINGRIFT_DATA_DIR ({0}): this node neither votes nor leads until it can",
                    e.toString());
        }
        return new Boot(instance, incarnation, stored.remembered(), stored.raftOnly());
    }

    private Future<Void> openTls(AgentConfig config, Metrics metrics) {
        return config.security()
                .tlsDir()
                .map(dir -> TlsWatch.open(vertx, dir, metrics).<Void>map(opened -> {
                    tls = Optional.of(opened);
                    return null;
                }))
                .orElseGet(Future::succeededFuture);
    }

    private void build(AgentConfig config, Boot boot, EpochStore store, Metrics metrics) {
        transport = transport(PeerTransport.Limits.MESSAGES);
        forwards = transport(StateGateway.LIMITS);
        swim = new SwimLoop(
                ((VertxInternal) vertx).createEventLoopContext(),
                config,
                boot,
                configuration.gossipKeys(),
                new SwimTcp(transport, (ContextInternal) vertx.getOrCreateContext()),
                () -> loop.now(),
                secure);
        loop = new CoreLoop(
                vertx,
                now -> new HybridCoordinator(
                        boot, config, configuration.status(), swim, RandomGenerator.getDefault(), now),
                transport,
                store,
                new EventLog(config.nodeId(), System.getLogger(EventLog.class.getName())),
                swim::seeds);
        swim.subscribe(loop::wake);
        raft = RaftHost.of(config, tls);
        loop.drive(raft);
        loop.counters().observe(metrics);
        raft.localLog().observe(metrics);
        swim.observe(metrics);
        Supplier<AgentView> view = loop::view;
        String run = Long.toUnsignedString(instance, Character.MAX_RADIX);
        StateGateway state = new StateGateway(vertx, view, loop::now, raft.localLog(), forwards, run);
        server = new RestServer(
                vertx,
                new RestServer.Dependencies(
                        view,
                        loop::now,
                        Instant.now().minus(loop.now()),
                        run,
                        version,
                        advertised.host(),
                        tls,
                        credential,
                        new KnownPeers(vertx, view)::contains,
                        configuration::push,
                        this::receive,
                        new SwimApi(swim::instance, swim::sync, swim::why),
                        this::drain,
                        state,
                        new RaftOperations(vertx, view, raft.localLog(), state, forwards),
                        metrics));
        loop.subscribe(server::publish);
        loop.subscribe(metrics::record);
        loop.subscribe(state::note);
        state.observe(metrics);
        new Housekeeper(view, raft.localLog()).follow(raft);
        Leftovers leftovers = new Leftovers();
        vertx.setPeriodic(LOOK_FOR_LEFTOVERS.toMillis(), due -> tidy(leftovers));
    }

    private void tidy(Leftovers leftovers) {
        if (leftovers.worthCollecting(loop.view().raft().peer().isPresent(), loop.now())) {
            System.gc();
        }
    }

    private PeerTransport transport(PeerTransport.Limits limits) {
        PeerTransport made = new PeerTransport(
                vertx, limits, tls.map(TlsWatch::current).map(TlsMaterial::client), credential::current);
        tls.ifPresent(watch -> watch.follow(material -> made.updateTls(material.client())));
        return made;
    }

    /** As the first step of {@link #stop}: this node goes on without leading. */
    private Future<Void> drain() {
        log.log(
                Level.INFO,
                "[Agent] Draining: hands leadership over, and stands for no election until it is started again");
        return loop.retire();
    }

    /** A message that is not taken is the sender's fault, and no more than a count here. */
    private Future<JsonObject> receive(JsonObject message, String remoteHost) {
        return loop.handle(message, remoteHost)
                .recover(failure -> Future.failedFuture(
                        failure instanceof MessageDropped dropped
                                ? new ApiException(
                                        ErrorCode.INVALID_REQUEST,
                                        "The message was not taken: "
                                                + dropped.reason().token() + ".")
                                : new ApiException(ErrorCode.NOT_READY, "This agent is stopping.")));
    }
}
