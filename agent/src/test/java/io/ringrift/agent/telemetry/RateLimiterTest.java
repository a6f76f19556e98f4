package io.ringrift.agent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** So many per minute and kind, and nothing is held back unsaid. */
class RateLimiterTest {
    private final RateLimiter limiter = new RateLimiter(2);

    private static Duration at(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void theNextOneSaysHowManyWereHeldBack() {
        assertThat(limiter.admit("a", at(0))).hasValue(0);
        assertThat(limiter.admit("a", at(1))).hasValue(0);
        assertThat(limiter.admit("a", at(2))).isEmpty();
        assertThat(limiter.admit("a", at(59))).isEmpty();
        assertThat(limiter.admit("b", at(59))).hasValue(0);
        assertThat(limiter.admit("a", at(60))).hasValue(2);
        assertThat(limiter.admit("a", at(61))).hasValue(0);
    }

    @Test
    void kindsAreBounded() {
        for (int i = 0; i < RateLimiter.MAX_KEYS; i++) {
            limiter.admit("kind" + i, at(0));
        }
        assertThat(limiter.admit("further1", at(0))).isPresent();
        assertThat(limiter.admit("further2", at(0))).isPresent();
        assertThat(limiter.admit("further3", at(0))).isEmpty();
        assertThat(limiter.admit("kind3", at(0))).isPresent();
    }
}
