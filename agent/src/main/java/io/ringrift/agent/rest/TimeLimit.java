package io.ringrift.agent.rest;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Ends what takes longer than it may, when it is looked at: a timer for each of thousands of requests a second would cost more than they do.
 * On one event loop only.
 */
final class TimeLimit {
    private final Duration limit;
    private final Supplier<Duration> clock;
    /** In the order in which they began, so the first one is over first. */
    private final LinkedHashSet<Pending<?>> pending = new LinkedHashSet<>();

    private static final class Pending<T> {
        private final Promise<T> result = Promise.promise();
        private final Duration latest;

        Pending(Duration latest) {
            this.latest = latest;
        }
    }

    TimeLimit(Duration limit, Supplier<Duration> clock) {
        this.limit = limit;
        this.clock = clock;
    }

    /**
     * The same as {@code work}, told on this event loop, wherever that ends; fails with {@link TimeoutException} where it takes too
     * long.
     */
    <T> Future<T> of(Future<T> work) {
        if (work.isComplete()) {
            return work;
        }
        Pending<T> begun = new Pending<>(clock.get().plus(limit));
        pending.add(begun);
        Thread loop = Thread.currentThread();
        Context here = Vertx.currentContext();
        work.onComplete(done -> {
            if (Thread.currentThread() == loop) {
                end(begun, done);
            } else {
                here.runOnContext(back -> end(begun, done));
            }
        });
        return begun.result.future();
    }

    private <T> void end(Pending<T> begun, AsyncResult<T> done) {
        // Else it is over, and has been told so.
        if (pending.remove(begun)) {
            begun.result.handle(done);
        }
    }

    /** Ends those whose time is over. */
    void look() {
        Duration now = clock.get();
        while (!pending.isEmpty() && pending.getFirst().latest.compareTo(now) <= 0) {
            pending.removeFirst().result.fail(new TimeoutException("after " + limit));
        }
    }
}
