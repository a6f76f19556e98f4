package io.ringrift.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TimeLimitTest {
    private final AtomicReference<Duration> now = new AtomicReference<>(Duration.ZERO);
    private final TimeLimit limit = new TimeLimit(Duration.ofSeconds(45), now::get);

    private void lookAt(int second) {
        now.set(Duration.ofSeconds(second));
        limit.look();
    }

    @Test
    void whatEndsInTimeIsToldAsItIs() {
        Promise<String> work = Promise.promise();
        Promise<String> broken = Promise.promise();
        Future<String> told = limit.of(work.future());
        Future<String> failed = limit.of(broken.future());
        lookAt(44);
        work.complete("done");
        broken.fail("broken");
        lookAt(100);
        assertThat(told.result()).isEqualTo("done");
        assertThat(failed.cause()).hasMessage("broken");
        assertThat(limit.of(Future.succeededFuture("at once")).result()).isEqualTo("at once");
    }

    @Test
    void whatTakesTooLongFailsOnceAndWhatBeganLaterGoesOn() {
        Promise<String> slow = Promise.promise();
        Promise<String> later = Promise.promise();
        Future<String> over = limit.of(slow.future());
        lookAt(10);
        Future<String> goesOn = limit.of(later.future());
        lookAt(45);
        assertThat(over.cause()).isInstanceOf(TimeoutException.class);
        assertThat(goesOn.isComplete()).isFalse();
        slow.complete("too late");
        lookAt(55);
        assertThat(goesOn.cause()).isInstanceOf(TimeoutException.class);
        assertThat(over.failed()).isTrue();
    }

    @Test
    void whatEndsOnAnotherThreadIsToldOnTheLoopWhereItBegan() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            CompletableFuture<List<Thread>> threads = new CompletableFuture<>();
            Promise<String> work = Promise.promise();
            vertx.getOrCreateContext().runOnContext(begun -> {
                Thread loop = Thread.currentThread();
                limit.of(work.future()).onComplete(told -> threads.complete(List.of(loop, Thread.currentThread())));
                new Thread(() -> work.complete("done")).start();
            });
            List<Thread> both = threads.get(10, TimeUnit.SECONDS);
            assertThat(both.getLast()).isSameAs(both.getFirst());
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }
}
