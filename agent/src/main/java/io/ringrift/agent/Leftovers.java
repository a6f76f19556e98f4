package io.ringrift.agent;

import java.time.Duration;

/**
 * Decides when the heap is collected as a whole. The serial collector does that to the part that lives long only when it may grow no further, so what
 * a start or a Raft peer leaves there would stay for good: half a megabyte of an agent at rest, and what the replicated state held. Once is enough, as soon
 * as either is over; beside a Raft peer never, for a pause of this kind can cost a leader.
 *
 * <p>Not safe for use by several threads.
 */
final class Leftovers {
    /** A start, and the end of a Raft peer, are over by then. */
    static final Duration SETTLED = Duration.ofSeconds(30);

    private Duration quietSince = Duration.ZERO;
    private boolean collected;

    /**
     * Whether to collect now.
     *
     * @param raft whether this node has Raft on
     * @param now time since this process started
     */
    boolean worthCollecting(boolean raft, Duration now) {
        if (raft) {
            quietSince = now;
            collected = false;
            return false;
        }
        boolean due = !collected && now.minus(quietSince).compareTo(SETTLED) >= 0;
        collected |= due;
        return due;
    }
}
