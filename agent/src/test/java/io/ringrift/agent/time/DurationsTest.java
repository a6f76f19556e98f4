package io.ringrift.agent.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class DurationsTest {
    private static final long YEARS = 100L * 365 * 24 * 3_600 * 1_000_000_000;

    @Property(tries = 200)
    void areWhatDurationComputes(
            @ForAll @LongRange(min = -YEARS, max = YEARS) long nanos,
            @ForAll @IntRange(min = 1, max = 100) int number) {
        Duration time = Duration.ofNanos(nanos);
        assertThat(Durations.part(time, number)).isEqualTo(time.dividedBy(number));
        Duration small = Durations.part(time, 100);
        assertThat(Durations.abs(time)).isEqualTo(time.abs());
        assertThat(Durations.times(small, number)).isEqualTo(small.multipliedBy(number));
    }

    @Test
    void whatIsTooLongIsRefused() {
        assertThatThrownBy(() -> Durations.times(Duration.ofDays(100_000), 2)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Durations.part(Duration.ofSeconds(1), 0)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void chooseTheShorterOrTheLonger() {
        Duration shorter = Duration.ofMillis(1);
        Duration longer = Duration.ofMillis(2);
        assertThat(Durations.min(shorter, longer))
                .isEqualTo(Durations.min(longer, shorter))
                .isEqualTo(shorter);
        assertThat(Durations.max(shorter, longer))
                .isEqualTo(Durations.max(longer, shorter))
                .isEqualTo(longer);
        assertThat(Durations.min(shorter, shorter))
                .isEqualTo(Durations.max(shorter, shorter))
                .isEqualTo(shorter);
    }
}
