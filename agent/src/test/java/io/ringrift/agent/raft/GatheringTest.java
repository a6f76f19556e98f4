package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GatheringTest {
    private static final Duration ENTRY = Duration.ofMillis(3);

    private final Gathering gathering = new Gathering();

    @Test
    void whoeverAsksOneThingAfterTheOtherIsWaitedForUntilAllAreThere() {
        assertThat(gathering.begin(8, 8, ENTRY)).isEqualTo(ENTRY.dividedBy(2));
        assertThat(gathering.waitsFor(15)).isTrue();
        assertThat(gathering.waitsFor(16)).isFalse();
        gathering.end(16);
        assertThat(gathering.begin(16, 1, ENTRY)).as("again").isPositive();
    }

    @Test
    void oneRequestAtATimeWaitsForNobody() {
        assertThat(gathering.begin(1, 0, ENTRY)).isZero();
        assertThat(gathering.waitsFor(0)).isFalse();
    }

    @Test
    void aSlowDiskHoldsUpNobodyForLonger() {
        assertThat(gathering.begin(8, 8, Duration.ofMillis(50))).isEqualTo(Duration.ofMillis(2));
    }

    @Test
    void whereNobodyComesItIsNotTriedForAWhile() {
        assertThat(gathering.begin(8, 8, ENTRY)).isPositive();
        gathering.end(11);
        for (int entry = 0; entry < 16; entry++) {
            assertThat(gathering.begin(8, 8, ENTRY)).isZero();
            assertThat(gathering.waitsFor(8)).isFalse();
            gathering.end(8);
        }
        assertThat(gathering.begin(8, 8, ENTRY)).isPositive();
        gathering.end(12);
        assertThat(gathering.begin(8, 8, ENTRY)).as("half of them came").isPositive();
    }
}
