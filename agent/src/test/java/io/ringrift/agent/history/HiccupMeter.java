package io.ringrift.agent.history;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** How late this machine wakes a thread that asked for a millisecond: what no program on it can be quicker than. */
final class HiccupMeter implements AutoCloseable {
    private static final long ASKED = 1_000_000;

    private final List<Long> late = new ArrayList<>();
    private volatile boolean ended;

    HiccupMeter() {
        Thread.ofPlatform().daemon().name("hiccups").start(this::run);
    }

    private void run() {
        while (!ended) {
            long before = System.nanoTime();
            LockSupport.parkNanos(ASKED);
            long over = System.nanoTime() - before - ASKED;
            synchronized (late) {
                late.add(Math.max(0, over));
            }
        }
    }

    /** What was measured since it was asked last, in nanoseconds. */
    List<Long> take() {
        synchronized (late) {
            List<Long> taken = List.copyOf(late);
            late.clear();
            return taken;
        }
    }

    @Override
    public void close() {
        ended = true;
    }
}
