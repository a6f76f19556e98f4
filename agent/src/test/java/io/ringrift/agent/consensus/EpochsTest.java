package io.ringrift.agent.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class EpochsTest {
    @Test
    void bullysAreOddAndRaftsAreEven() {
        assertThat(LongStream.range(0, 5).map(Epochs::nextOfBully)).containsExactly(1L, 3L, 3L, 5L, 5L);
        assertThat(LongStream.range(0, 5).map(Epochs::nextOfRaft)).containsExactly(2L, 2L, 4L, 4L, 6L);
    }

    @Property
    void membersOfOneClusterNeverChooseTheSame(
            @ForAll @LongRange(min = 0, max = 1L << 52) long known,
            @ForAll @IntRange(min = 1, max = 1_000) int members,
            @ForAll @IntRange(max = 999) int rank,
            @ForAll @IntRange(max = 999) int other) {
        long mine = Epochs.nextOfBully(known, rank % members, members);
        long theirs = Epochs.nextOfBully(known, other % members, members);
        assertThat(mine).isOdd().isBetween(known + 1, known + 2L * members);
        assertThat(mine == theirs).isEqualTo(rank % members == other % members);
    }

    @Test
    void theLastOneThatAnyMemberCanChooseIsExactInJson() {
        long known = Epochs.highestBefore(5);
        assertThat(Epochs.nextOfBully(known, 4, 5)).isLessThanOrEqualTo(Epochs.MAX);
        assertThat((double) Epochs.MAX).isNotEqualTo((double) (Epochs.MAX - 1));
    }
}
