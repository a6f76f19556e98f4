package io.ringrift.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeftoversTest {
    private static final long MB = 1 << 20;

    private final Leftovers leftovers = new Leftovers();

    @Test
    void whatTheStartLeftIsCollectedTwiceOnceItIsOver() {
        assertThat(leftovers.worthCollecting(20 * MB)).as("it still grows").isFalse();
        assertThat(leftovers.worthCollecting(40 * MB)).as("it still grows").isFalse();
        assertThat(leftovers.worthCollecting(40 * MB)).isTrue();
        leftovers.collected(28 * MB);
        assertThat(leftovers.worthCollecting(28 * MB)).as("once more").isTrue();
        leftovers.collected(27 * MB);
        assertThat(leftovers.worthCollecting(27 * MB))
                .as("there is nothing more")
                .isFalse();
    }

    @Test
    void secondTimeWaitsUntilItIsQuiet() {
        collectAt(40 * MB, 28 * MB);
        assertThat(leftovers.worthCollecting(30 * MB)).isFalse();
        assertThat(leftovers.worthCollecting(30 * MB)).isTrue();
    }

    @Test
    void anOperatorAtRestIsLeftAloneUntilEnoughHasComeTogether() {
        collectAt(20 * MB, 20 * MB);
        long used = 20 * MB;
        while (used + 50_000 - 20 * MB <= Leftovers.WORTH_BYTES) {
            used += 50_000;
            assertThat(leftovers.worthCollecting(used)).isFalse();
        }
        assertThat(leftovers.worthCollecting(used + 50_000)).isTrue();
    }

    @Test
    void anOperatorAtWorkIsLeftAlone() {
        collectAt(20 * MB, 20 * MB);
        for (long used = 21 * MB; used < 100 * MB; used += MB) {
            assertThat(leftovers.worthCollecting(used)).isFalse();
        }
    }

    @Test
    void whatTheCollectorFreedByItselfIsNoGrowth() {
        collectAt(40 * MB, 40 * MB);
        assertThat(leftovers.worthCollecting(25 * MB)).isFalse();
        assertThat(leftovers.worthCollecting(26 * MB)).isFalse();
    }

    /** An operator that has come to rest, and what is left after it was collected. */
    private void collectAt(long used, long left) {
        leftovers.worthCollecting(used);
        assertThat(leftovers.worthCollecting(used)).isTrue();
        leftovers.collected(left);
    }
}
