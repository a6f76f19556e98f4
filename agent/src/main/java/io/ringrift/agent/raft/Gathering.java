package io.ringrift.agent.raft;

import static io.ringrift.agent.time.Durations.min;
import static io.ringrift.agent.time.Durations.part;

import java.time.Duration;

/**
 * Whether the next entry waits a moment for those whom the last one has just answered: clients that ask one thing after the other would else
 * go in two halves, each of which waits for the other's entry, and a half-full entry costs as much as a full one. Where nobody comes it is not
 * tried again for a while, so that requests which come at their own pace are hardly held up. Pure.
 */
final class Gathering {
    /** Of the time that the last entry took: where entries are cheap waiting is not worth it. */
    private static final int PART = 2;

    private static final Duration MOST = Duration.ofMillis(2);

    /** Entries after one that waited in vain. */
    private static final int WITHOUT = 16;

    private int expected;
    private int worthIt;
    private int without;

    /**
     * An entry has ended. How long the next one waits; zero: not at all.
     *
     * @param answered how many requests it had
     * @param waiting how many have come meanwhile; none: the next one comes alone, and waits for nobody
     * @param took from its proposal to its end
     */
    Duration begin(int answered, int waiting, Duration took) {
        if (waiting == 0) {
            return Duration.ZERO;
        }
        if (without > 0) {
            without--;
            return Duration.ZERO;
        }
        expected = waiting + answered;
        worthIt = waiting + (answered + 1) / 2;
        return min(part(took, PART), MOST);
    }

    /** Whether the next entry is to wait on, where so many wait to go into it. */
    boolean waitsFor(int waiting) {
        return waiting < expected;
    }

    /** The next entry goes. */
    void end(int waiting) {
        if (waiting < worthIt) {
            without = WITHOUT;
        }
        expected = 0;
        worthIt = 0;
    }
}
