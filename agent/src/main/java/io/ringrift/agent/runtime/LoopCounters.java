package io.ringrift.agent.runtime;

import io.ringrift.agent.coordinator.DropReason;
import io.ringrift.agent.telemetry.Metrics;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the core loop counts, for metrics. Counts rise only. Thread-safe. */
public final class LoopCounters {
    private final Map<DropReason, LongAdder> dropped = new EnumMap<>(DropReason.class);
    private final LongAdder sent = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder storeFailures = new LongAdder();

    /** Everything at 0. */
    public LoopCounters() {
        for (DropReason reason : DropReason.values()) {
            dropped.put(reason, new LongAdder());
        }
    }

    void drop(DropReason reason) {
        dropped.get(reason).increment();
    }

    void sent() {
        sent.increment();
    }

    void unanswered() {
        unanswered.increment();
    }

    void received() {
        received.increment();
    }

    void storeFailed() {
        storeFailures.increment();
    }

    /** Lets the metrics read what is counted here. */
    public void observe(Metrics metrics) {
        dropped.forEach((reason, count) -> metrics.dropped(reason.token(), count::sum));
        metrics.counter("ringrift_messages_sent", "Requests to peers.", sent::sum);
        metrics.counter("ringrift_messages_unanswered", "Requests to peers that got no answer.", unanswered::sum);
        metrics.counter("ringrift_messages_received", "Requests of peers.", received::sum);
        metrics.counter(
                "ringrift_promise_store_failures",
                "Promises of an election that the disk did not take.",
                storeFailures::sum);
    }
}
