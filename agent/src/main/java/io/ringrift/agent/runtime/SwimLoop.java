package io.ringrift.agent.runtime;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.Secret;
import io.ringrift.agent.coordinator.Boot;
import io.ringrift.agent.coordinator.Effect;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.FailureDetector;
import io.ringrift.agent.membership.Member.Modes;
import io.ringrift.agent.membership.Verdict;
import io.ringrift.agent.membership.swim.Endpoint;
import io.ringrift.agent.membership.swim.MemberRecord;
import io.ringrift.agent.membership.swim.Swim;
import io.ringrift.agent.membership.swim.SwimSettings;
import io.ringrift.agent.membership.swim.WhyEntry;
import io.ringrift.agent.membership.swim.Wire;
import io.ringrift.agent.security.Envelope;
import io.ringrift.agent.security.GossipKeyring;
import io.ringrift.agent.security.PlainEnvelope;
import io.ringrift.agent.security.SealedEnvelope;
import io.ringrift.agent.telemetry.Metrics;
import io.ringrift.agent.telemetry.RateLimitedLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Runs SWIM on an event loop of its own, as the configuration wants it: starts it, stops it with a goodbye, tries again while its
 * port is taken. What others read is published as one immutable value, so no thread ever waits for another.
 *
 * <p>Every public method may be called from any thread.
 */
public final class SwimLoop implements FailureDetector {
    private static final long RETRY_MILLIS = 10_000;
    private static final Duration GOODBYE = Duration.ofSeconds(3);
    private static final Duration LOOK_UP_ALONE = Duration.ofSeconds(15);
    private static final Duration LOOK_UP = Duration.ofSeconds(60);

    private final System.Logger log = System.getLogger(SwimLoop.class.getName());
    private final RateLimitedLog limited;
    private final VertxInternal vertx;
    private final ContextInternal context;
    private final Boot boot;
    private final SwimTcp tcp;
    private final Supplier<Duration> clock;
    private final RandomGenerator secure;
    private final SeedLookup lookup;
    private final SwimCounters counters = new SwimCounters();
    private final Optional<SealedEnvelope> sealed;
    private volatile Published published =
            new Published(Optional.of("SWIM is off"), 0, List.of(), OptionalLong.empty());
    private volatile Runnable listener = () -> {};

    private AgentConfig config;
    private Optional<SwimRun> run = Optional.empty();
    private Future<Void> steps = Future.succeededFuture();
    private Effect.Seeds seeds = new Effect.Seeds(Set.of(), false);
    private long nextIncarnation;
    private long retry = -1;
    private long lookUp = -1;
    private Optional<String> bindFailure = Optional.empty();
    private boolean stopped;

    private record Published(Optional<String> trouble, long version, List<Verdict> verdicts, OptionalLong instance) {}

    /**
     * @param context whose loop nobody else has
     * @param keys the gossip keys; empty: packets are not sealed. That never changes while the agent runs, the keys themselves may
     * @param clock time since the process started
     * @param secure draws instances and counters that nobody may guess
     */
    public SwimLoop(
            ContextInternal context,
            AgentConfig config,
            Boot boot,
            Optional<Secret> keys,
            SwimTcp tcp,
            Supplier<Duration> clock,
            RandomGenerator secure) {
        this.context = context;
        this.vertx = context.owner();
        this.config = config;
        this.boot = boot;
        this.tcp = tcp;
        this.clock = clock;
        this.secure = secure;
        this.lookup = new SeedLookup(vertx);
        this.limited = new RateLimitedLog(log, clock, 2);
        this.nextIncarnation = boot.incarnation();
        this.sealed = keys.map(text ->
                new SealedEnvelope(config.clusterName(), GossipKeyring.parse(text.reveal()), secure.nextLong()));
    }

    /** Calls {@code changed} whenever what this detector says may have changed; from its own thread, so return quickly. */
    public void subscribe(Runnable changed) {
        listener = changed;
    }

    /** Lets the metrics read what is counted here. */
    public void observe(Metrics metrics) {
        counters.observe(metrics);
    }

    /** Runs as this configuration wants it; done when it does, or cannot. A goodbye is waited for. */
    public Future<Void> configure(AgentConfig wanted) {
        return onLoop(() -> enqueue(() -> {
            config = wanted;
            return apply();
        }));
    }

    /** Takes other gossip keys at once. Ignored where packets are not sealed. */
    public Future<Void> rekey(Secret keys) {
        return onLoop(() -> {
            sealed.ifPresent(envelope -> envelope.use(GossipKeyring.parse(keys.reveal())));
            return Future.succeededFuture();
        });
    }

    /** Where members may be found from now on. */
    public void seeds(Effect.Seeds changed) {
        context.runOnContext(here -> {
            seeds = changed;
            join();
        });
    }

    /** Says goodbye and ends for good. */
    public Future<Void> stop() {
        return onLoop(() -> enqueue(() -> {
            stopped = true;
            return apply();
        }));
    }

    @Override
    public Optional<String> unavailable() {
        return published.trouble;
    }

    @Override
    public long version() {
        return published.version;
    }

    @Override
    public List<Verdict> verdicts() {
        return published.verdicts;
    }

    /** The instance of SWIM that runs here; empty while none does. */
    public OptionalLong instance() {
        return published.instance;
    }

    /** Answers a peer's request of the full-state exchange; empty where it is none for the instance that runs here. */
    public Future<Optional<byte[]>> sync(byte[] body) {
        return ask(running -> running.syncRequested(body)).map(answer -> answer.flatMap(Function.identity()));
    }

    /** The steps that led to what is held of a node, eldest first; empty where there are none. */
    public Future<List<WhyEntry>> why(String nodeId) {
        return ask(running -> running.why(nodeId)).map(steps -> steps.orElse(List.of()));
    }

    // ---- on the loop's thread

    private <T> Future<Optional<T>> ask(Function<SwimRun, T> question) {
        return onLoop(() -> Future.succeededFuture(run.map(question)));
    }

    private <T> Future<T> onLoop(Supplier<Future<T>> step) {
        Promise<T> done = Promise.promise();
        context.runOnContext(here -> step.get().onComplete(done));
        return done.future();
    }

    /** One step at a time: a start that comes while the goodbye is said waits for it. */
    private Future<Void> enqueue(Supplier<Future<Void>> step) {
        steps = steps.transform(before -> step.get());
        return steps;
    }

    private Future<Void> apply() {
        vertx.cancelTimer(retry);
        boolean wanted = config.swim().enabled() && !stopped;
        if (run.isPresent()) {
            return wanted ? reconfigure(run.get()) : leave(run.get());
        }
        return wanted ? open() : Future.succeededFuture();
    }

    private Future<Void> reconfigure(SwimRun running) {
        running.configure(SwimSettings.of(config.swim()), Modes.of(config));
        return Future.succeededFuture();
    }

    private Future<Void> leave(SwimRun running) {
        publish(new Published(Optional.of("SWIM is off"), version() + 1, List.of(), OptionalLong.empty()));
        vertx.cancelTimer(lookUp);
        return running.leave()
                .timeout(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)
                .transform(left -> {
                    nextIncarnation = running.incarnation() + 1;
                    run = Optional.empty();
                    return running.close();
                });
    }

    private Future<Void> open() {
        int port = config.network().swimPort();
        String own = config.network().advertiseHost().orElse(config.network().bindAddress());
        return resolve(own, port)
                .compose(endpoint -> resolve(config.network().bindAddress(), port)
                        .compose(bind -> SwimSocket.bind(context, bind.address(), port, listener()))
                        .<Void>map(socket -> {
                            begin(endpoint, socket);
                            return null;
                        }))
                .recover(failure -> {
                    cannotBind(port, failure);
                    return Future.succeededFuture();
                });
    }

    private Future<Endpoint> resolve(String host, int port) {
        return lookup.resolve(List.of(new Address(host, port)))
                .compose(found -> found.isEmpty()
                        ? Future.failedFuture(host + " cannot be resolved to an address")
                        : Future.succeededFuture(found.getFirst()));
    }

    private SwimSocket.Listener listener() {
        return new SwimSocket.Listener() {
            @Override
            public void received(Endpoint from, byte[] datagram) {
                run.ifPresent(running -> running.datagram(from, datagram));
            }

            @Override
            public void unsent() {
                counters.unsent();
            }
        };
    }

    private void begin(Endpoint endpoint, SwimSocket socket) {
        AgentConfig.Network network = config.network();
        SwimSettings settings = SwimSettings.of(config.swim());
        MemberRecord self = new MemberRecord(
                config.nodeId(),
                MemberRecord.instanceOf(config.nodeId(), secure.nextInt()),
                nextIncarnation,
                endpoint,
                network.httpPort(),
                network.raftPort(),
                Optional.of(Modes.of(config)),
                Wire.VERSION);
        Envelope envelope = sealed.isPresent() ? sealed.get() : new PlainEnvelope();
        SwimRun started = new SwimRun(new SwimRun.Parts(
                vertx,
                new Swim(clock.get(), config.clusterName(), self, settings, RandomGenerator.getDefault()),
                settings,
                Swim.clusterTag(config.clusterName()),
                socket,
                envelope,
                tcp,
                clock,
                counters,
                new Hearing(network.swimPort(), clock.get()),
                limited,
                this::publish));
        run = Optional.of(started);
        bindFailure = Optional.empty();
        log.log(Level.INFO, "[SWIM] Listening on UDP port {0}", Integer.toString(network.swimPort()));
        publish();
        join();
    }

    /** Said once for every reason: the next attempt follows, and the one after that. */
    private void cannotBind(int port, Throwable failure) {
        String why = Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString);
        if (!bindFailure.equals(Optional.of(why))) {
            bindFailure = Optional.of(why);
            log.log(Level.ERROR, "[SWIM] Failed to bind to SWIM port {0}: {1}", Integer.toString(port), why);
        }
        publish(new Published(
                Optional.of("UDP port " + port + " cannot be bound: " + why),
                version() + 1,
                List.of(),
                OptionalLong.empty()));
        retry = vertx.setTimer(RETRY_MILLIS, fired -> enqueue(this::apply));
    }

    private void publish() {
        run.filter(running -> !stopped)
                .ifPresent(running -> publish(new Published(
                        running.trouble(), version() + 1, running.verdicts(), OptionalLong.of(running.instance()))));
    }

    private void publish(Published next) {
        published = next;
        listener.run();
    }

    /** Tells the protocol its seeds, and looks their names up again after a while: a moved peer keeps its name. */
    private void join() {
        vertx.cancelTimer(lookUp);
        Collection<Address> gossip = seeds.gossip();
        boolean expected = seeds.expected();
        run.ifPresent(running -> {
            lookup.resolve(gossip).onSuccess(found -> {
                if (run.filter(running::equals).isPresent()) {
                    running.join(found, expected);
                }
            });
            Duration pause = running.joined() ? LOOK_UP : LOOK_UP_ALONE;
            lookUp = vertx.setTimer(pause.toMillis(), fired -> join());
        });
    }
}
