package io.ringrift.agent.consensus.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SupervisionTest {
    private final Supervision supervision = new Supervision();

    @Test
    void aVoterThatDoesNotGetRunningIsStartedAgainAfterAMomentAndOnce() {
        assertThat(supervision.isStuck(true, Duration.ofSeconds(10))).isFalse();
        assertThat(supervision.isStuck(true, Duration.ofSeconds(11))).isFalse();
        assertThat(supervision.isStuck(true, Duration.ofSeconds(12))).isTrue();
        assertThat(supervision.isStuck(true, Duration.ofSeconds(13))).isFalse();
    }

    @Test
    void whoGetsRunningInTimeIsLeftAlone() {
        supervision.isStuck(true, Duration.ofSeconds(10));
        supervision.isStuck(false, Duration.ofSeconds(11));

        assertThat(supervision.isStuck(true, Duration.ofSeconds(12))).isFalse();
    }
}
