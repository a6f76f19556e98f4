package io.ringrift.agent.gateway;

import static io.ringrift.agent.time.Durations.min;
import static io.ringrift.agent.time.Durations.times;

import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.raft.RaftTimes;
import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.rest.ApiException;
import io.ringrift.agent.rest.ErrorCode;
import io.ringrift.agent.rest.StateApi;
import io.ringrift.agent.runtime.PeerTransport;
import io.ringrift.agent.state.Backup;
import io.ringrift.agent.state.Command;
import io.ringrift.agent.state.StateBatch;
import io.ringrift.agent.state.StateBatch.How;
import io.ringrift.agent.state.StateBatch.Item;
import io.ringrift.agent.state.StateLog;
import io.ringrift.agent.state.StateLogException;
import io.ringrift.agent.state.StateLogException.Kind;
import io.ringrift.agent.state.StateRequest;
import io.ringrift.agent.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Brings requests on the replicated state to whoever leads: into the log here, or to another agent, which hands it on to nobody. While the
 * leader changes requests are held for a moment and tried again; each carries a key, so that it is applied once however often it is
 * tried. On the REST server's event loop only, {@link #note} excepted.
 */
public final class StateGateway implements StateApi {
    /** Messages to one other agent: a few, because many requests share one. */
    public static final PeerTransport.Limits LIMITS = new PeerTransport.Limits(64, 16, Backup.MAX_BYTES + (1 << 20));

    private static final long TRY_AGAIN_MILLIS = 10;
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofSeconds(8);
    private static final Duration REMOTE_WAIT = Duration.ofMillis(300);
    private static final int MESSAGES = 4;
    private static final int WAITING_MESSAGES = 4;

    private final Vertx vertx;
    private final Supplier<AgentView> view;
    private final Supplier<Duration> clock;
    private final StateLog log;
    private final PeerTransport transport;
    private final Attempts attempts;
    /** Of requests that wait: theirs stay open for longer, and must not keep the answers of others from being forgotten. */
    private final Attempts waitingAttempts;

    private final GatewayCounters counters = new GatewayCounters();
    private final Interruption interruption = new Interruption();
    private final Waiters waiters;
    private final Intake intake;
    private final Receiver here;
    private final Map<Address, Lane> lanes = new HashMap<>();
    private final Map<Address, Lane> waitingLanes = new HashMap<>();
    private List<Delivery> held = new ArrayList<>();
    private boolean scheduled;
    /** The newest of what the cores said of the leader; they run on another event loop. */
    private volatile Announcement announced = new Announcement(false, Duration.ZERO);
    /** What of that is known here. */
    private Announcement noted = announced;

    /** @param leads whether Raft's leader is known since {@code at} */
    private record Announcement(boolean leads, Duration at) {}

    /**
     * @param clock time since the process started
     * @param log of this node's Raft peer
     * @param transport to other agents, for nothing else
     * @param instance fresh at every boot; names this process in the keys of its requests
     */
    public StateGateway(
            Vertx vertx,
            Supplier<AgentView> view,
            Supplier<Duration> clock,
            StateLog log,
            PeerTransport transport,
            String instance) {
        this.vertx = vertx;
        this.view = view;
        this.clock = clock;
        this.log = log;
        this.transport = transport;
        this.attempts = new Attempts(instance);
        this.waitingAttempts = new Attempts(instance + "-w");
        this.waiters = new Waiters(vertx, log, clock);
        this.intake = new Intake(vertx, log);
        this.here = new Receiver(log, intake, waiters);
        interruption.begin(Duration.ZERO);
    }

    // ---- from clients

    @Override
    public Future<byte[]> ask(StateRequest request) {
        return round(How.COMMITTED, request, attempts);
    }

    @Override
    public Future<byte[]> ask(StateRequest request, Duration patience, Future<Void> client) {
        Duration until = clock.get().plus(patience);
        return round(How.COMMITTED, request, waitingAttempts).compose(answer -> waitOn(answer, request, until, client));
    }

    @Override
    public Future<byte[]> askStale(StateRequest request) {
        try {
            return Future.succeededFuture(here.read(request));
        } catch (StateLogException noPeerHere) {
            return elsewhere(request);
        }
    }

    /** A read changes nothing, so whoever tries it again needs no key. */
    private static StateRequest withKey(StateRequest request, Attempts numbers) {
        return request.once().isPresent() || request.command() instanceof Command.Read
                ? request
                : new StateRequest(Optional.of(numbers.next()), request.epoch(), request.command());
    }

    private static void settle(StateRequest request, Attempts numbers) {
        request.once().ifPresent(once -> {
            if (once instanceof StateRequest.Once.Attempt attempt) {
                numbers.settle(attempt);
            }
        });
    }

    /** Asks again, as long as there is nothing to be had and somebody waits for it. */
    private Future<byte[]> waitOn(byte[] answer, StateRequest request, Duration until, Future<Void> client) {
        if (!Receiver.isNothing(answer) || client.isComplete()) {
            return Future.succeededFuture(answer);
        }
        if (clock.get().compareTo(until) >= 0) {
            return last(answer, request);
        }
        Future<byte[]> next =
                log.mayAct() ? awaitHere(request, until, client) : round(How.AWAITED, request, waitingAttempts);
        return next.compose(later -> waitOn(later, request, until, client));
    }

    /**
     * There is nothing to be had, and that is what the client is told. Under a key of his it is asked once more, as one who does not wait, and
     * then remembered: no attempt of an earlier round, which comes late, is granted anything.
     */
    private Future<byte[]> last(byte[] answer, StateRequest request) {
        return request.once().orElse(null) instanceof StateRequest.Once.Key key
                ? round(
                        How.COMMITTED,
                        new StateRequest(Optional.of(key.withoutWaiting()), request.epoch(), request.command()),
                        waitingAttempts)
                : Future.succeededFuture(answer);
    }

    private Future<byte[]> awaitHere(StateRequest request, Duration until, Future<Void> client) {
        return waiters.await(request.command(), until, client)
                .recover(full -> Future.failedFuture(exception((StateLogException) full, false)))
                .compose(again -> round(How.COMMITTED, request, waitingAttempts));
    }

    /** Under a number of its own, also where whoever waits asks again: no attempt of an earlier round, which comes late, is granted anything. */
    private Future<byte[]> round(How how, StateRequest request, Attempts numbers) {
        StateRequest numbered = withKey(request, numbers);
        return deliver(how, numbered.encode()).onComplete(done -> settle(numbered, numbers));
    }

    // ---- to the leader

    private Future<byte[]> deliver(How how, byte[] request) {
        Delivery delivery = new Delivery(how, request, clock.get().plus(LONGEST));
        attempt(delivery);
        return delivery.answer.future();
    }

    private void attempt(Delivery delivery) {
        switch (Course.of(view.get(), log.mayAct())) {
            case Course.Here() -> {
                counters.here.increment();
                intake.submit(delivery.request)
                        .onSuccess(answer -> answered(delivery, answer))
                        .onFailure(failure -> failed(delivery, failure));
            }
            case Course.There(Address to) -> {
                counters.forwarded.increment();
                lane(to, delivery.how)
                        .send(new Item(delivery.how, delivery.request))
                        .onSuccess(answer -> answered(delivery, answer))
                        .onFailure(failure -> failed(delivery, failure));
            }
            case Course.Nowhere(String why) -> hold(delivery, new StateLogException(Kind.NO_QUORUM, why));
            case Course.Off(String why) ->
                delivery.answer.fail(
                        delivery.uncertain
                                ? exception(new StateLogException(Kind.OUTCOME_UNKNOWN, why), true)
                                : new ApiException(ErrorCode.RAFT_DISABLED, why + " Nothing was applied."));
        }
    }

    private Lane lane(Address to, How how) {
        boolean waits = how == How.AWAITED;
        Map<Address, Lane> of = waits ? waitingLanes : lanes;
        return of.computeIfAbsent(
                to,
                address -> new Lane(
                        transport,
                        address,
                        waits ? WAITING_MESSAGES : MESSAGES,
                        waits ? REMOTE_WAIT : Duration.ZERO,
                        () -> of.remove(address)));
    }

    private void answered(Delivery delivery, byte[] answer) {
        interruption.end();
        delivery.answer.complete(answer);
    }

    private void failed(Delivery delivery, Throwable failure) {
        if (!(failure instanceof StateLogException known)) {
            delivery.answer.fail(failure);
            return;
        }
        switch (known.kind()) {
            case NOT_LEADER, NO_QUORUM -> hold(delivery, known);
            case OUTCOME_UNKNOWN -> {
                delivery.uncertain = true;
                hold(delivery, known);
            }
            case OVERLOADED, TOO_LARGE -> {
                if (delivery.uncertain) {
                    hold(delivery, known);
                } else {
                    delivery.answer.fail(exception(known, false));
                }
            }
        }
    }

    private void hold(Delivery delivery, StateLogException why) {
        Duration now = clock.get();
        learn();
        interruption.begin(now);
        // Whoever would have to be told that nobody knows is held for longer: the next leader does know.
        boolean hopeless = !delivery.uncertain && !interruption.isNews(now, patience());
        if (hopeless || now.compareTo(delivery.latest) >= 0) {
            (delivery.uncertain ? counters.unknown : counters.unavailable).increment();
            delivery.answer.fail(exception(why, delivery.uncertain));
            return;
        }
        counters.held.increment();
        held.add(delivery);
        if (!scheduled) {
            scheduled = true;
            vertx.setTimer(TRY_AGAIN_MILLIS, fired -> tryAgain());
        }
    }

    private void learn() {
        Announcement latest = announced;
        if (latest != noted) {
            noted = latest;
            if (latest.leads) {
                interruption.end();
            } else {
                interruption.begin(latest.at);
            }
        }
    }

    /** Several times what it takes to replace a leader that died, where the machine is not starved. */
    private Duration patience() {
        return min(times(RaftTimes.of(view.get().config().raft().profile()).max(), 20), MOST_PATIENCE);
    }

    private void tryAgain() {
        scheduled = false;
        List<Delivery> now = held;
        held = new ArrayList<>();
        now.forEach(this::attempt);
    }

    private static ApiException exception(StateLogException why, boolean uncertain) {
        String sentence = why.getMessage();
        if (uncertain) {
            return new ApiException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    sentence + " The request may have taken effect; send it again with the same Idempotency-Key.");
        }
        return switch (why.kind()) {
            case NOT_LEADER, NO_QUORUM ->
                new ApiException(ErrorCode.NO_QUORUM, "Raft has no quorum: " + sentence + " Nothing was applied.");
            case OVERLOADED -> new ApiException(ErrorCode.OVERLOADED, sentence + " Nothing was applied; try again.");
            case TOO_LARGE -> new ApiException(ErrorCode.TOO_LARGE, sentence);
            case OUTCOME_UNKNOWN -> new ApiException(ErrorCode.OUTCOME_UNKNOWN, sentence);
        };
    }

    // ---- stale reads

    /** A node without a peer of its own asks one that has: the leader, else any voter that lives. */
    private Future<byte[]> elsewhere(StateRequest request) {
        AgentView seen = view.get();
        Course course = Course.of(seen, false);
        if (course instanceof Course.Off(String why)) {
            return Future.failedFuture(new ApiException(ErrorCode.RAFT_DISABLED, why));
        }
        List<Address> holders = new ArrayList<>();
        if (course instanceof Course.There(Address leader)) {
            holders.add(leader);
        }
        seen.config().raft().voters().stream()
                .flatMap(voter -> Course.address(seen, voter).stream())
                .filter(address -> !holders.contains(address))
                .forEach(holders::add);
        Item item = new Item(How.STALE, request.encode());
        Future<byte[]> answer = Future.failedFuture(
                new StateLogException(Kind.NO_QUORUM, "No voter is known here, so nobody can be asked."));
        for (Address holder : holders) {
            answer = answer.recover(failed -> lane(holder, How.STALE).send(item));
        }
        return answer.recover(failed ->
                Future.failedFuture(failed instanceof StateLogException known ? exception(known, false) : failed));
    }

    // ---- from other agents

    @Override
    public Future<byte[]> forwarded(byte[] message) {
        StateBatch.Asked asked;
        try {
            asked = StateBatch.decode(message);
        } catch (IOException unreadable) {
            return Future.failedFuture(new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "This is no message of another agent: " + unreadable.getMessage() + "."));
        }
        counters.received.add(asked.items().size());
        Duration until = clock.get().plus(Duration.ofMillis(Math.min(asked.waitMillis(), REMOTE_WAIT.toMillis())));
        return here.answer(asked, until);
    }

    // ---- events

    /** Lets the metrics read what is counted here. */
    public void observe(Metrics metrics) {
        counters.observe(metrics);
        metrics.gauge("ringrift_state_waiting", "Requests that wait here for work or a lock.", waiters::size);
    }

    /** Takes note of leaders that come and go. From any one thread. */
    public void note(AgentEvent event) {
        if (event instanceof AgentEvent.LeaderChanged changed) {
            announced = new Announcement(
                    changed.leadership()
                            .source()
                            .filter(Leadership.Source.RAFT::equals)
                            .isPresent(),
                    changed.at());
        }
    }
}
