package io.ringrift.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Requests are held while it is news that nobody leads, and not afterwards. */
class InterruptionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Interruption interruption = new Interruption();

    private static Duration at(long millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void isNewsForAWhileAfterTheFirstFailure() {
        interruption.begin(at(1_000));
        interruption.begin(at(2_500));
        assertThat(interruption.isNews(at(2_900), PATIENCE)).isTrue();
        assertThat(interruption.isNews(at(3_000), PATIENCE)).isFalse();
    }

    @Test
    void whoeverIsKnownToHaveLedBeforeEndsIt() {
        interruption.begin(at(0));
        assertThat(interruption.isNews(at(10_000), PATIENCE)).isFalse();
        interruption.end();
        assertThat(interruption.isNews(at(10_000), PATIENCE)).isTrue();
        interruption.begin(at(10_001));
        assertThat(interruption.isNews(at(10_002), PATIENCE)).isTrue();
    }

    @Test
    void anEarlierBeginningThatIsLearnedLaterCounts() {
        interruption.begin(at(5_000));
        interruption.begin(at(1_000));
        assertThat(interruption.isNews(at(5_001), PATIENCE)).isFalse();
    }
}
