package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EntryClockTest {
    private static final long NOON = 1_800_000_000_000L;

    private final AtomicLong wall = new AtomicLong(NOON);
    private final AtomicLong nanos = new AtomicLong(5);
    private final EntryClock clock = new EntryClock(wall::get, nanos::get);

    private void pass(Duration time) {
        wall.addAndGet(time.toMillis());
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void aLeaderWhoseClockIsSetForwardGoesOnWithTheTimeThatItGaveBefore() {
        clock.applied(clock.millis(), true);
        pass(Duration.ofSeconds(10));
        assertThat(clock.millis()).isEqualTo(NOON + 10_000);

        wall.addAndGet(7_200_000);
        assertThat(clock.millis()).isEqualTo(NOON + 10_000);
        assertThat(clock.ahead()).isEqualTo(Duration.ofHours(2));
        pass(Duration.ofSeconds(10));
        assertThat(clock.millis()).isEqualTo(NOON + 20_100);
    }

    @Test
    void aFollowerKnowsTheTimeFromItsLeaderAndKeepsItWhenItLeads() {
        clock.applied(NOON - 7_200_000, false);
        clock.followed(NOON - 3_600_000);
        pass(Duration.ofSeconds(1));
        assertThat(clock.ahead()).isEqualTo(Duration.ofHours(1));
        assertThat(clock.tell()).isEqualTo(NOON - 3_600_000 + 990);
        assertThat(clock.millis()).isEqualTo(NOON - 3_600_000 + 1_010);
    }

    @Test
    void whereAllWereDownTheTimeOfTheDownTimeCountsOnce() {
        clock.applied(NOON - 3_600_000, false);
        pass(Duration.ofSeconds(1));
        assertThat(clock.tell()).isZero();
        long first = clock.millis();
        assertThat(first).isEqualTo(NOON + 1_000);

        clock.applied(first, true);
        wall.addAndGet(7_200_000);
        assertThat(clock.millis()).isEqualTo(first);
    }
}
