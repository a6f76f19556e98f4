package io.ringrift.operator.observe;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** Lets a bounded number of requests go at a time; the others wait in order. Lives on one event loop. */
final class RequestGate {
    private final int most;
    private final Deque<Supplier<Future<?>>> waiting = new ArrayDeque<>();
    private int running;

    RequestGate(int most) {
        this.most = most;
    }

    /** Starts the request now or when one that runs is done. */
    void pass(Supplier<Future<?>> request) {
        waiting.add(request);
        startNext();
    }

    private void startNext() {
        while (running < most && !waiting.isEmpty()) {
            running++;
            waiting.poll().get().onComplete(done -> {
                running--;
                startNext();
            });
        }
    }
}
