package io.ringrift.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ValidityTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Validity NINETY_DAYS = new Validity(START, START.plus(Duration.ofDays(90)));

    @Test
    void renewalIsDueFromTwoThirdsOfTheLifeOn() {
        Instant twoThirds = START.plus(Duration.ofDays(60));

        assertThat(NINETY_DAYS.renewAt()).isEqualTo(twoThirds);
        assertThat(NINETY_DAYS.renewalDue(START)).isFalse();
        assertThat(NINETY_DAYS.renewalDue(twoThirds.minusNanos(1))).isFalse();
        assertThat(NINETY_DAYS.renewalDue(twoThirds)).isTrue();
        assertThat(NINETY_DAYS.renewalDue(START.plus(Duration.ofDays(1000)))).isTrue();
    }

    @Test
    void aClockBeforeTheBeginningRenewsNothing() {
        assertThat(NINETY_DAYS.renewalDue(START.minus(Duration.ofDays(400)))).isFalse();
    }

    @Test
    void endsNoLaterThanItsIssuer() {
        var issuer = new Validity(START, START.plus(Duration.ofDays(30)));

        assertThat(NINETY_DAYS.within(issuer)).isEqualTo(issuer);
        assertThat(issuer.within(NINETY_DAYS)).isEqualTo(issuer);
    }

    @Test
    void holdsOnANodeWhoseClockIsBehind() {
        assertThat(Validity.startingAt(START, Duration.ofDays(1)).notBefore())
                .isEqualTo(START.minus(Validity.CLOCK_SKEW));
    }

    @Test
    void cannotEndBeforeItBegins() {
        assertThatThrownBy(() -> new Validity(START, START)).isInstanceOf(IllegalArgumentException.class);
    }
}
