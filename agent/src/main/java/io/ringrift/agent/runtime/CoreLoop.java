package io.ringrift.agent.runtime;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.bully.Remembered;
import io.ringrift.agent.consensus.raft.RaftOrder;
import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.coordinator.DropReason;
import io.ringrift.agent.coordinator.Effect;
import io.ringrift.agent.coordinator.HybridCoordinator;
import io.ringrift.agent.coordinator.Message;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs the coordinator on one Vert.x context: hands it messages, look-ups, the disk's answers and the time, and carries out what
 * it wants. Every public method may be called from any thread.
 */
public final class CoreLoop {
    /** How long a goodbye may take: the successor has heard of it long before. */
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private static final Duration HAND_OVER = Duration.ofSeconds(2);
    private static final long HAND_OVER_LOOK_MILLIS = 10;

    private final Vertx vertx;
    private final Context context;
    private final PeerTransport transport;
    private final EpochStore store;
    /** A thread of its own: a promise must not wait behind a name that does not resolve. */
    private final WorkerExecutor disk;

    private final EventLog log;
    private final Consumer<Effect.Seeds> seeds;
    private final LoopCounters counters = new LoopCounters();
    private final PeerTroubles troubles = new PeerTroubles(System.getLogger(PeerTroubles.class.getName()));
    // A thread of its own: a name server that is slow to answer must not keep a promise from the disk.
    private final WorkerExecutor lookups;
    private final List<Consumer<AgentEvent>> listeners = new CopyOnWriteArrayList<>();
    private final Map<Long, Promise<JsonObject>> exchanges = new HashMap<>();
    private final long startNanos = System.nanoTime();
    private final HybridCoordinator core;
    private Optional<RaftPort> raft = Optional.empty();
    private volatile Snapshot snapshot;
    private long lastExchange;
    private long timer = -1;
    private Duration timerAt = Duration.ZERO;
    private boolean storeFailed;
    private boolean stopped;

    private record Snapshot(AgentView view, Optional<Duration> leaseEnd) {}

    /**
     * @param coordinator makes the core; called once, with the time that it starts at
     * @param store where promises are made durable
     * @param seeds told where SWIM may find members
     */
    public CoreLoop(
            Vertx vertx,
            Function<Duration, HybridCoordinator> coordinator,
            PeerTransport transport,
            EpochStore store,
            EventLog log,
            Consumer<Effect.Seeds> seeds) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.lookups = vertx.createSharedWorkerExecutor("ringrift-lookups", 1);
        this.transport = transport;
        this.store = store;
        this.disk = vertx.createSharedWorkerExecutor("ringrift-promise", 1);
        this.log = log;
        this.seeds = seeds;
        this.core = coordinator.apply(now());
        this.snapshot = snapshot();
        listeners.add(log);
    }

    /** Drives this Raft peer from now on; call it before {@link #start}. */
    public void drive(RaftPort port) {
        raft = Optional.of(port);
        port.follow(report -> run(now -> core.raft(report, now)));
    }

    /**
     * Hands leadership over, if this node has it and somebody could take over, and lets this node stand no more; done when another leads, or
     * after two seconds. May be called again.
     */
    public Future<Void> retire() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(run -> {
            boolean handsOver = core.successor().isPresent();
            input(core::retire);
            awaitHandOver(done, handsOver ? now().plus(HAND_OVER) : Duration.ZERO);
        });
        return done.future();
    }

    private void awaitHandOver(Promise<Void> done, Duration latest) {
        boolean over = !core.leadsRaft()
                && snapshot.view.leadership().leader().isPresent()
                && !snapshot.view.leadership().leader().get().equals(snapshot.view.nodeId());
        if (over || now().compareTo(latest) >= 0) {
            done.complete();
        } else {
            vertx.setTimer(HAND_OVER_LOOK_MILLIS, fired -> context.runOnContext(run -> awaitHandOver(done, latest)));
        }
    }

    /** Begins to poll and to take part in elections. */
    public Future<Void> start() {
        return run(core::tick);
    }

    /** Another failure detector may have something new to say. */
    public void wake() {
        context.runOnContext(run -> input(core::tick));
    }

    /** Leaves gracefully: hands leadership over, says goodbye, waits until that is out or a second has passed, and stops. */
    public Future<Void> stop() {
        Promise<Void> left = Promise.promise();
        context.runOnContext(run -> {
            if (stopped) {
                left.complete();
                return;
            }
            Duration now = now();
            List<Effect> goodbye = core.leave(now);
            snapshot = snapshot();
            List<Future<?>> sent = new ArrayList<>();
            for (Effect effect : goodbye) {
                if (effect instanceof Effect.Send send) {
                    sent.add(transport.post(send.to(), MessageCodec.encode(send.message()), GOODBYE));
                } else {
                    carryOut(effect);
                }
            }
            stopped = true;
            vertx.cancelTimer(timer);
            exchanges.values().forEach(open -> open.tryFail("this agent has stopped"));
            exchanges.clear();
            Future.join(sent).transform(done -> disk.close()).onComplete(done -> left.complete());
        });
        return left.future();
    }

    /** Applies a valid configuration; done when {@link #view()} shows it. */
    public Future<Void> configure(AgentConfig config, ConfigStatus status) {
        return run(now -> core.configure(config, status, now));
    }

    /** Notes a refused change; done when {@link #view()} shows it. */
    public Future<Void> configRefused(ConfigStatus status) {
        return run(now -> core.configRefused(status, now));
    }

    /**
     * The present state. A leader whose lease ran out since the last event does not name itself. One by Raft, whose lease is a few
     * heartbeats long, goes on to name itself like any node that has heard of nobody else, but does not claim to act.
     */
    public AgentView view() {
        Snapshot latest = snapshot;
        Duration now = now();
        boolean expired = latest.leaseEnd.filter(end -> now.compareTo(end) >= 0).isPresent();
        return expired ? latest.view.expired(now) : latest.view.at(now, hasLapsed(latest.view));
    }

    /** Raft's voters have not answered for so long that they may follow another by now, as after a pause of this process. */
    private boolean hasLapsed(AgentView view) {
        return view.mayAct()
                && view.leadership()
                        .source()
                        .filter(Leadership.Source.RAFT::equals)
                        .isPresent()
                && raft.flatMap(RaftPort::leaseLeft).isEmpty();
    }

    /** Tells of every event from now on, on the loop's thread: return quickly. Run what is returned to end it. */
    public Runnable subscribe(Consumer<AgentEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Takes a message that came by {@code POST /cluster/messages} and gives the answer; fails with {@link MessageDropped} where it is
     * not taken.
     *
     * @param remoteHost the sender's address, without port
     */
    public Future<JsonObject> handle(JsonObject json, String remoteHost) {
        counters.received();
        Optional<Message> message = MessageCodec.decode(json);
        if (message.isEmpty()) {
            counters.drop(DropReason.MALFORMED);
            return Future.failedFuture(new MessageDropped(DropReason.MALFORMED));
        }
        Promise<JsonObject> answer = Promise.promise();
        context.runOnContext(run -> {
            if (stopped) {
                answer.fail("this agent has stopped");
                return;
            }
            long exchange = ++lastExchange;
            exchanges.put(exchange, answer);
            input(now -> core.receive(exchange, message.get(), remoteHost, now));
        });
        return answer.future();
    }

    /** What is counted. */
    public LoopCounters counters() {
        return counters;
    }

    private Future<Void> run(Function<Duration, List<Effect>> step) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(run -> {
            input(step);
            done.complete();
        });
        return done.future();
    }

    private void input(Function<Duration, List<Effect>> step) {
        if (stopped) {
            return;
        }
        try {
            List<Effect> effects = step.apply(now());
            snapshot = snapshot();
            effects.forEach(this::carryOut);
        } catch (RuntimeException defect) {
            log.defect(defect);
        } finally {
            schedule();
        }
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Send send -> send(send);
            case Effect.Reply(long exchange, Message message) ->
                answer(exchange, open -> open.complete(MessageCodec.encode(message)));
            case Effect.Drop(long exchange, DropReason reason) -> {
                counters.drop(reason);
                answer(exchange, open -> open.fail(new MessageDropped(reason)));
            }
            case Effect.Persist(Remembered promise) -> persist(promise);
            case Effect.PersistRaftOnly(boolean raftOnly) -> persistRaftOnly(raftOnly);
            case Effect.Resolve(String host) -> resolve(host);
            case Effect.Seeds found -> seeds.accept(found);
            case Effect.Raft(RaftOrder order) -> raft.ifPresent(port -> port.carryOut(order));
            case Effect.Emit(AgentEvent event) -> listeners.forEach(listener -> tell(listener, event));
            case Effect.Complain(String sentence) -> log.complain(sentence);
        }
    }

    private void send(Effect.Send send) {
        counters.sent();
        transport
                .post(send.to(), MessageCodec.encode(send.message()), send.timeout())
                .onComplete(result -> context.runOnContext(run -> {
                    troubles.note(send.to(), Optional.ofNullable(result.cause()));
                    if (result.failed()) {
                        counters.unanswered();
                        return;
                    }
                    Optional<Message> answer = MessageCodec.decode(result.result());
                    if (answer.isEmpty()) {
                        counters.drop(DropReason.MALFORMED);
                    } else {
                        input(now -> core.answered(send, answer.get(), now));
                    }
                }));
    }

    private void persist(Remembered promise) {
        store(
                "the promise for epoch " + promise.epoch(),
                () -> store.promise(promise),
                (durable, now) -> core.persisted(promise.epoch(), durable, now));
    }

    private void persistRaftOnly(boolean raftOnly) {
        store(
                "which modes the members run",
                () -> store.raftOnly(raftOnly),
                (durable, now) -> core.raftOnlyPersisted(raftOnly, durable, now));
    }

    private interface Write {
        void run() throws IOException;
    }

    private void store(String what, Write write, BiFunction<Boolean, Duration, List<Effect>> answer) {
        disk.executeBlocking(() -> {
                    write.run();
                    return null;
                })
                .onComplete(written -> context.runOnContext(run -> {
                    storeOutcome(what, written.cause());
                    input(now -> answer.apply(written.succeeded(), now));
                }));
    }

    /** Says once that the disk refuses, and once that it takes again: elections repeat for as long as it does. */
    private void storeOutcome(String what, Throwable failure) {
        if (failure != null) {
            counters.storeFailed();
            if (!storeFailed) {
                log.complain("[Bully] Cannot store " + what + " (" + failure
                        + "): this node neither votes nor leads until it can");
            }
        } else if (storeFailed) {
            log.complain("[Bully] Promises can be stored again: this node takes part in elections");
        }
        storeFailed = failure != null;
    }

    private void resolve(String host) {
        lookups.executeBlocking(() -> addresses(host), false)
                .onComplete(found -> context.runOnContext(run -> {
                    troubles.looked(host, found.succeeded());
                    input(now -> core.resolved(host, found.succeeded() ? found.result() : List.of(), now));
                }));
    }

    private static List<String> addresses(String host) throws UnknownHostException {
        return Arrays.stream(InetAddress.getAllByName(host))
                .map(InetAddress::getHostAddress)
                .toList();
    }

    private void answer(long exchange, Consumer<Promise<JsonObject>> how) {
        Promise<JsonObject> open = exchanges.remove(exchange);
        if (open != null) {
            how.accept(open);
        }
    }

    private void tell(Consumer<AgentEvent> listener, AgentEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException failure) {
            log.complain("A listener failed on " + event + ": " + failure);
        }
    }

    private void schedule() {
        Duration next = core.nextDeadline();
        if (timer >= 0 && next.equals(timerAt)) {
            return;
        }
        vertx.cancelTimer(timer);
        timerAt = next;
        long millis = Math.max(1, next.minus(now()).plusNanos(999_999).toMillis());
        timer = vertx.setTimer(
                millis,
                fired -> context.runOnContext(run -> {
                    timer = -1;
                    input(core::tick);
                }));
    }

    private Snapshot snapshot() {
        Duration now = now();
        return new Snapshot(core.view(now), core.leaseEnd(now));
    }

    /** Time since this loop was made; what every time in views and events counts from. */
    public Duration now() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
