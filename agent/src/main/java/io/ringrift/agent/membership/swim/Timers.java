package io.ringrift.agent.membership.swim;

import java.util.OptionalLong;

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
    /** So many cancelled timers may wait in the queue however few others there are. */
    private static final int SLACK = 32;

    private final TimeQueue<Timer> queue = new TimeQueue<>();
    private long wall;
    private long stolen;
    private long now;
    private long pauses;
    private int cancelled;

    /** Something due. */
    static final class Timer implements Runnable {
        private Runnable action;

        private Timer(Runnable action) {
            this.action = action;
        }

        @Override
        public void run() {
            Runnable once = action;
            action = null;
            once.run();
        }

        /** Has run, or will not. */
        private boolean isOver() {
            return action == null;
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
        Timer timer = new Timer(action);
        queue.add(now + Math.max(0, delay), timer);
        return timer;
    }

    /** It will not run. Its place in the queue is given back when it comes first, or when such places are the greater part. */
    void cancel(Timer timer) {
        if (timer.isOver()) {
            return;
        }
        timer.action = null;
        if (++cancelled > size() + SLACK) {
            queue.removeIf(Timer::isOver);
            cancelled = 0;
        }
    }

    void runDue() {
        while (hasNext() && queue.firstTime() <= now) {
            queue.poll().run();
        }
    }

    int size() {
        return queue.size() - cancelled;
    }

    /** Those that were cancelled and still have their place included. */
    int queued() {
        return queue.size();
    }

    private boolean hasNext() {
        while (queue.size() > 0 && queue.first().isOver()) {
            queue.poll();
            cancelled--;
        }
        return queue.size() > 0;
    }

    /** The next deadline in the outside's time. */
    OptionalLong nextDeadline() {
        return hasNext() ? OptionalLong.of(queue.firstTime() + stolen) : OptionalLong.empty();
    }
}
