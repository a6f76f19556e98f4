package io.ringrift.agent.security;

/** Which of one sender's latest {@link #SIZE} counters were seen. What is older than that counts as seen. */
final class ReplayWindow {
    static final int SIZE = 256;

    private final long[] seen = new long[SIZE / 64];
    private long highest;
    private boolean any;

    /** Takes a counter once; false if it was taken before or is too old to tell. Only for authentic packets. */
    boolean take(long counter) {
        if (!any || counter > highest) {
            advance(counter);
        } else if (highest - counter >= SIZE || isSet(counter)) {
            return false;
        }
        seen[word(counter)] |= 1L << counter;
        return true;
    }

    private void advance(long counter) {
        long skipped = any ? Math.min(SIZE, counter - highest) : SIZE;
        for (long i = 0; i < skipped; i++) {
            long free = counter - i;
            seen[word(free)] &= ~(1L << free);
        }
        highest = counter;
        any = true;
    }

    private boolean isSet(long counter) {
        return (seen[word(counter)] >>> counter & 1) == 1;
    }

    private static int word(long counter) {
        return (int) (counter >>> 6 & SIZE / 64 - 1);
    }
}
