package io.ringrift.agent.runtime;

import io.ringrift.agent.coordinator.DropReason;
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

    LoopCounters() {
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

    /** Messages that were not taken, by reason. */
    public long dropped(DropReason reason) {
        return dropped.get(reason).sum();
    }

    /** Requests sent to peers. */
    public long messagesSent() {
        return sent.sum();
    }

    /** Requests to peers that got no answer. */
    public long messagesUnanswered() {
        return unanswered.sum();
    }

    /** Requests that came from peers. */
    public long messagesReceived() {
        return received.sum();
    }

    /** Promises that the disk did not take. */
    public long storeFailures() {
        return storeFailures.sum();
    }
}
