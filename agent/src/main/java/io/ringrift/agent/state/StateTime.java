package io.ringrift.agent.state;

import java.time.Duration;

/**
 * The time that a leader gives to an entry, by which claims and locks run out. It is the leader's wall clock, as long as that agrees with what
 * every node knows: the time of the last entry, and how long ago that was applied here. A node whose clock is an hour ahead would else, as
 * leader, end every claim and lock at once, and after it nothing would run out for an hour. Pure.
 */
public final class StateTime {
    /** Clocks that are kept by NTP agree a thousand times better; nodes know a time that is at most {@link Housekeeping#IDLE} old. */
    public static final Duration PLAUSIBLE = Duration.ofMinutes(1);

    /** How fast the time follows a clock that it does not believe: one in so many. Either may be the wrong one. */
    private static final int SLEW = 100;

    private StateTime() {}

    /**
     * In milliseconds since 1970.
     *
     * @param last of the last entry that was applied here; 0: there was none
     * @param since how long ago that was
     * @param wall what this node's clock says
     * @param known whether another node's leader was followed since this process started, or this one has led: else all may have been down, for
     *     a time that {@code since} says nothing of
     */
    public static long next(long last, Duration since, long wall, boolean known) {
        long expected = last + since.toMillis();
        long ahead = wall - expected;
        boolean first = last == 0 || (!known && ahead > 0);
        if (first || isPlausible(ahead)) {
            return wall;
        }
        long most = since.toMillis() / SLEW;
        return expected + Math.clamp(ahead, -most, most);
    }

    /** @param aheadMillis how far a clock is ahead of the time that was expected; negative: behind */
    public static boolean isPlausible(long aheadMillis) {
        return Math.abs(aheadMillis) <= PLAUSIBLE.toMillis();
    }
}
