package io.ringrift.agent.state;

import java.util.Map;

/** Bounds what the whole state holds, in bytes: an estimate of its heap, the same on every node. */
final class Budget {
    /** What all keys, work, jobs and locks may take together. */
    static final long MAX_BYTES = 24L << 20;

    private long used;

    /** Asks before anything is changed. @throws Refused LIMIT_EXCEEDED */
    void require(long more) {
        if (more > 0 && used + more > MAX_BYTES) {
            throw new Refused(
                    Answer.Code.LIMIT_EXCEEDED,
                    "The replicated state would hold more than " + MAX_BYTES + " bytes; it holds " + used
                            + ". Delete keys, or let work be completed, first.",
                    Map.of("limit_bytes", Long.toString(MAX_BYTES), "used_bytes", Long.toString(used)));
        }
    }

    /** Counts that something of one size was replaced by something of another. */
    void adjust(long before, long after) {
        used += after - before;
    }

    long used() {
        return used;
    }
}
