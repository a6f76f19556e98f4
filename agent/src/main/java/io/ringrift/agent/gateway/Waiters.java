package io.ringrift.agent.gateway;

import io.ringrift.agent.state.Command;
import io.ringrift.agent.state.ReplicatedState;
import io.ringrift.agent.state.StateLog;
import io.ringrift.agent.state.StateLogException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Who waits, at the leader, for work or for a lock. The state is looked at every few milliseconds while anybody waits, and whoever may be lucky
 * is told to ask again: the answer comes from the log as ever. Bounded. On one event loop only.
 */
final class Waiters {
    private static final int MOST = 1_024;
    private static final long LOOK_MILLIS = 10;

    private final Vertx vertx;
    private final StateLog log;
    private final Supplier<Duration> clock;
    private final List<Waiter> waiting = new ArrayList<>();
    private boolean looking;
    private volatile int size;

    private record Waiter(
            Predicate<ReplicatedState> ready, Duration until, Promise<Boolean> again, Future<Void> gone) {}

    Waiters(Vertx vertx, StateLog log, Supplier<Duration> clock) {
        this.vertx = vertx;
        this.log = log;
        this.clock = clock;
    }

    /**
     * True when it is worth asking again, false when the time is over, whoever waits has gone or this node leads no more.
     *
     * @param gone ends when nobody waits any more
     */
    Future<Boolean> await(Command command, Duration until, Future<Void> gone) {
        if (waiting.size() >= MOST) {
            return Future.failedFuture(new StateLogException(
                    StateLogException.Kind.OVERLOADED, "More than " + MOST + " requests wait already."));
        }
        Waiter waiter = new Waiter(ready(command), until, Promise.promise(), gone);
        waiting.add(waiter);
        schedule();
        return waiter.again.future();
    }

    int size() {
        return size;
    }

    private static Predicate<ReplicatedState> ready(Command command) {
        return switch (command) {
            case Command.ClaimWork(var node, var types, var max) -> state -> state.hasPendingWork(types);
            case Command.AcquireLock(var name, var owner, var ttl) -> state -> state.isFree(name);
            default -> state -> false;
        };
    }

    private void schedule() {
        size = waiting.size();
        if (!looking && !waiting.isEmpty()) {
            looking = true;
            vertx.setTimer(LOOK_MILLIS, fired -> look());
        }
    }

    private void look() {
        looking = false;
        Duration now = clock.get();
        List<Waiter> lucky = new ArrayList<>();
        List<Waiter> over = new ArrayList<>();
        boolean leads = log.mayAct();
        List<Waiter> all = List.copyOf(waiting);
        List<Boolean> ready = leads
                ? log.readLocal(state ->
                        all.stream().map(waiter -> waiter.ready.test(state)).toList())
                : List.of();
        Iterator<Waiter> each = waiting.iterator();
        for (int i = 0; each.hasNext(); i++) {
            Waiter waiter = each.next();
            if (leads && ready.get(i)) {
                lucky.add(waiter);
                each.remove();
            } else if (!leads || waiter.gone.isComplete() || waiter.until.compareTo(now) <= 0) {
                over.add(waiter);
                each.remove();
            }
        }
        over.forEach(waiter -> waiter.again.complete(false));
        lucky.forEach(waiter -> waiter.again.complete(!waiter.gone.isComplete()));
        schedule();
    }
}
