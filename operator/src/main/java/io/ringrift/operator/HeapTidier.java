package io.ringrift.operator;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;

/** Collects the heap's old part when {@link Leftovers} finds it worth it, and so gives back what only the start or a roll-out needed. */
@Singleton
class HeapTidier {
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final Leftovers leftovers = new Leftovers();

    void start(@Observes StartupEvent event, Vertx vertx) {
        ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(HeapTidier::isOldPart)
                .findFirst()
                .ifPresent(oldPart -> vertx.setPeriodic(LOOK.toMillis(), due -> look(oldPart)));
    }

    /** The part that lives long is the one whose usage is worth a threshold; where new objects come into being it is not. */
    private static boolean isOldPart(MemoryPoolMXBean pool) {
        return pool.getType() == MemoryType.HEAP && pool.isUsageThresholdSupported();
    }

    private void look(MemoryPoolMXBean oldPart) {
        if (leftovers.worthCollecting(oldPart.getUsage().getUsed())) {
            System.gc();
            leftovers.collected(oldPart.getUsage().getUsed());
        }
    }
}
