package io.ringrift.operator;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/**
 * Gives back the memory that only the start needed. What the start leaves behind lies in the heap's old part, which is collected only when it is full:
 * an operator at rest would keep it for hours.
 */
@Singleton
class StartLeftovers {
    /** Caches are filled and the first resources reconciled by the first time. What is held by soft references or waits for a cleaner goes the second time. */
    private static final List<Duration> AFTER_START = List.of(Duration.ofSeconds(20), Duration.ofSeconds(40));

    void collect(@Observes StartupEvent event, Vertx vertx) {
        AFTER_START.forEach(delay -> vertx.setTimer(delay.toMillis(), due -> System.gc()));
    }
}
