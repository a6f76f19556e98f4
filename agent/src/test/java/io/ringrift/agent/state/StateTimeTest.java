package io.ringrift.agent.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StateTimeTest {
    private static final long LAST = 1_800_000_000_000L;
    private static final Duration SINCE = Duration.ofSeconds(20);
    private static final long EXPECTED = LAST + 20_000;
    private static final long HOUR = 3_600_000;

    private static long next(long wall) {
        return StateTime.next(LAST, SINCE, wall, true);
    }

    @Test
    void aClockThatAgreesIsTheTime() {
        assertThat(next(EXPECTED)).isEqualTo(EXPECTED);
        assertThat(next(EXPECTED + 59_000)).isEqualTo(EXPECTED + 59_000);
        assertThat(next(EXPECTED - 59_000)).isEqualTo(EXPECTED - 59_000);
    }

    @Test
    void aClockThatIsFarOffMovesTheTimeByAHundredthAtMost() {
        assertThat(next(EXPECTED + HOUR)).isEqualTo(EXPECTED + 200);
        assertThat(next(EXPECTED - HOUR)).isEqualTo(EXPECTED - 200);
        assertThat(next(0)).as("a node that woke up in 1970").isEqualTo(EXPECTED - 200);
        assertThat(next(Long.MAX_VALUE)).isEqualTo(EXPECTED + 200);
    }

    @Test
    void aNewGroupBeginsWithTheClockOfItsFirstLeader() {
        assertThat(StateTime.next(0, SINCE, LAST, true)).isEqualTo(LAST);
        assertThat(StateTime.next(0, SINCE, LAST, false)).isEqualTo(LAST);
    }

    @Test
    void aGroupThatWasDownGoesOnWithTheClockAndNeverBack() {
        assertThat(StateTime.next(LAST, SINCE, EXPECTED + HOUR, false)).isEqualTo(EXPECTED + HOUR);
        assertThat(StateTime.next(LAST, SINCE, EXPECTED - HOUR, false)).isEqualTo(EXPECTED - 200);
    }
}
