package io.ringrift.agent.membership.swim;

import java.util.OptionalLong;
import java.util.PriorityQueue;

/**
 * The node's protocol time and everything that is due in it.
 *
 * <p>Protocol time does not count what the process slept through. When an input comes later than the next deadline by more
 * than {@link #TOLERANCE}, the process was paused (garbage collection, SIGSTOP, a throttled CPU): the lateness is taken out
 * of protocol time, and every deadline moves by {@link #DRAIN} more, so that the packets that wait in the socket are read before
 * anything is judged. Nobody is ever convicted by a deadline that elapsed while this process could not listen.
 */
final class Timers {
    /** How late a tick may be without counting as a pause, in nanoseconds. */
    static final long TOLERANCE = 50_000_000L;
    /** How long after a pause packets are read before deadlines count, in nanoseconds. */
    static final long DRAIN = 50_000_000L;

    private final PriorityQueue<Timer> queue = new PriorityQueue<>();
    private long wall;
    private long stolen;
    private long now;
    private long sequence;
    private long pauses;

    /** Something due; cancelled by forgetting it. */
    static final class Timer implements Comparable<Timer> {
        private final long at;
        private final long sequence;
        private Runnable action;

        private Timer(long at, long sequence, Runnable action) {
            this.at = at;
            this.sequence = sequence;
            this.action = action;
        }

        @Override
        public int compareTo(Timer other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
        }
    }

    /** Takes the outside's monotonic time; a step back is ignored. */
    void advance(long outside) {
        wall = Math.max(wall, outside);
        OptionalLong next = nextDeadline();
        if (next.isPresent() && wall - next.getAsLong() > TOLERANCE) {
            stolen += wall - next.getAsLong() + DRAIN;
            pauses++;
        }
        now = Math.max(now, wall - stolen);
    }

    /** Protocol time in nanoseconds. */
    long now() {
        return now;
    }

    /** Time since the process started, pauses included, in nanoseconds. */
    long wall() {
        return wall;
    }

    /** How often this process was found to have been paused. */
    long pauses() {
        return pauses;
    }

    Timer in(long delay, Runnable action) {
        Timer timer = new Timer(now + Math.max(0, delay), sequence++, action);
        queue.add(timer);
        return timer;
    }

    /** A cancelled timer leaves the queue at once, so that churn cannot fill it. */
    void cancel(Timer timer) {
        if (timer.action != null) {
            timer.action = null;
            queue.remove(timer);
        }
    }

    void runDue() {
        while (!queue.isEmpty() && queue.peek().at <= now) {
            Timer timer = queue.poll();
            Runnable action = timer.action;
            timer.action = null;
            action.run();
        }
    }

    int size() {
        return queue.size();
    }

    /** The next deadline in the outside's time. */
    OptionalLong nextDeadline() {
        return queue.isEmpty() ? OptionalLong.empty() : OptionalLong.of(queue.peek().at + stolen);
    }
}
