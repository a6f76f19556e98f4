package io.ringrift.agent.raft.wire;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Sends a leader's heartbeats to all followers at once, from one thread, where a thread for each would wake for them 27 times a second: at rest that is most of what a
 * leader costs. It never waits: who does not answer, or has entries on their way, is left to the thread that it has of its own. Thread-safe.
 */
final class Pulse {
    /** A follower that may be left to the pulse. */
    interface Follower {
        /**
         * Sends a heartbeat if that will soon be due; does not wait, and returns quickly.
         *
         * @return in how many milliseconds to ask again
         */
        long beat();
    }

    private static final long MOST_MILLIS = 1_000;

    private final System.Logger log = System.getLogger(Pulse.class.getName());
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private boolean running;

    /** Asks this one too, until it leaves. */
    synchronized void join(Follower follower) {
        followers.add(follower);
        if (!running) {
            try {
                Thread.ofPlatform().daemon().name("raft-pulse").start(this::run);
                running = true;
            } catch (OutOfMemoryError noThread) {
                log.log(Level.WARNING, "[Raft] No thread for heartbeats: {0}", noThread.getMessage());
            }
        }
    }

    synchronized void leave(Follower follower) {
        followers.remove(follower);
    }

    private synchronized boolean isOver() {
        running = !followers.isEmpty();
        return !running;
    }

    private void run() {
        try {
            while (!isOver()) {
                long wait = MOST_MILLIS;
                for (Follower follower : followers) {
                    wait = Math.min(wait, beat(follower));
                }
                Thread.sleep(Math.max(1, wait));
            }
        } catch (InterruptedException ended) {
            log.log(Level.DEBUG, "[Raft] The pulse was interrupted");
        }
    }

    private long beat(Follower follower) {
        try {
            return follower.beat();
        } catch (RuntimeException defect) {
            log.log(Level.ERROR, "[Raft] Unexpected, of a heartbeat", defect);
            return MOST_MILLIS;
        }
    }
}
