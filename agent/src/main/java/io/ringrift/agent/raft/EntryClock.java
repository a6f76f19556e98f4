package io.ringrift.agent.raft;

import static io.ringrift.agent.time.Durations.abs;

import io.ringrift.agent.raft.wire.PeerClock;
import io.ringrift.agent.state.StateTime;
import io.ringrift.agent.telemetry.RateLimitedLog;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Reads the clocks for {@link StateTime}, and says so where this node's is far off. One for a process: what it knows of the time holds while no peer runs,
 * as below stage 3. Thread-safe.
 */
final class EntryClock implements PeerClock {
    /** Clocks that are kept by NTP agree a thousand times better. */
    private static final Duration FAR = Duration.ofMinutes(1);

    private final LongSupplier wallMillis;
    private final LongSupplier nanos;
    private final RateLimitedLog log;
    private StateTime time = StateTime.NONE;

    EntryClock(LongSupplier wallMillis, LongSupplier nanos) {
        this.wallMillis = wallMillis;
        this.nanos = nanos;
        this.log = new RateLimitedLog(System.getLogger(EntryClock.class.getName()), this::now, 1);
    }

    /**
     * An entry was applied here.
     *
     * @param millis the state's time since
     * @param own this node, as leader, gave it that time
     */
    synchronized void applied(long millis, boolean own) {
        time = own ? time.confirmed() : time.applied(Duration.ofMillis(millis), now());
    }

    @Override
    public synchronized long tell() {
        return time.known() ? time.atLeast(now()).toMillis() : 0;
    }

    @Override
    public synchronized void followed(long millis) {
        time = time.followed(Duration.ofMillis(millis), now());
    }

    @Override
    public synchronized void heard(long millis) {
        time = time.heard(Duration.ofMillis(millis), now());
    }

    /** The time for an entry that is proposed now, in milliseconds since 1970. For leaders only: it follows this node's clock. */
    synchronized long millis() {
        Duration wall = wall();
        time = time.led(wall, now());
        Duration ahead = wall.minus(time.time());
        if (abs(ahead).compareTo(FAR) > 0) {
            complain(ahead);
        }
        return time.time().toMillis();
    }

    /** How far this node's clock is ahead of the state's time; zero while there is none. */
    synchronized Duration ahead() {
        Duration known = time.on(now());
        return known.isZero() ? Duration.ZERO : wall().minus(known);
    }

    private Duration wall() {
        return Duration.ofMillis(wallMillis.getAsLong());
    }

    private Duration now() {
        return Duration.ofNanos(nanos.getAsLong());
    }

    private void complain(Duration ahead) {
        log.log(
                Level.WARNING,
                "clock",
                () -> "[Raft] This node's clock is " + abs(ahead).toSeconds() + " s "
                        + (ahead.isPositive() ? "ahead of" : "behind")
                        + " the group's time, by which claims and locks run out; that follows it by one in a hundred only. Look"
                        + " at the clocks of the nodes (NTP)");
    }
}
