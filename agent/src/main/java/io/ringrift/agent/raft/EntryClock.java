package io.ringrift.agent.raft;

import io.ringrift.agent.state.StateTime;
import io.ringrift.agent.telemetry.RateLimitedLog;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Reads the clocks for {@link StateTime}, and says so where this node's is not believed. Thread-safe. */
final class EntryClock {
    private final LongSupplier wallMillis;
    private final LongSupplier nanos;
    private final RateLimitedLog log;
    private long last;
    private long appliedNanos;
    private boolean known;

    EntryClock(LongSupplier wallMillis, LongSupplier nanos) {
        this.wallMillis = wallMillis;
        this.nanos = nanos;
        this.appliedNanos = nanos.getAsLong();
        this.log = new RateLimitedLog(
                System.getLogger(EntryClock.class.getName()), () -> Duration.ofNanos(nanos.getAsLong()), 1);
    }

    /**
     * An entry was applied here.
     *
     * @param millis the state's time since
     * @param own this node, as leader, gave it that time
     */
    synchronized void applied(long millis, boolean own) {
        last = millis;
        appliedNanos = nanos.getAsLong();
        known |= own;
    }

    /** Another node leads, so the group was not down. */
    synchronized void followed() {
        known = true;
    }

    /** The time for an entry that is proposed now, in milliseconds since 1970. */
    synchronized long millis() {
        long wall = wallMillis.getAsLong();
        long time = StateTime.next(last, since(), wall, known);
        if (!StateTime.isPlausible(wall - time)) {
            complain(wall - time);
        }
        return time;
    }

    /** How far this node's clock is ahead of the state's time; zero while there is none. */
    synchronized Duration ahead() {
        return last == 0
                ? Duration.ZERO
                : Duration.ofMillis(wallMillis.getAsLong() - last).minus(since());
    }

    private Duration since() {
        return Duration.ofNanos(nanos.getAsLong() - appliedNanos);
    }

    private void complain(long aheadMillis) {
        log.log(
                Level.WARNING,
                "clock",
                () -> "[Raft] This node's clock is " + Math.abs(aheadMillis) / 1000 + " s "
                        + (aheadMillis > 0 ? "ahead of" : "behind")
                        + " the group's time, by which claims and locks run out; the time goes on without it. Look at the"
                        + " clocks of the nodes (NTP)");
    }
}
