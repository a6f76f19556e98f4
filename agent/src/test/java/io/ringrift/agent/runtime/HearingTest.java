package io.ringrift.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.security.Envelope;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HearingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Hearing hearing = new Hearing(7947, Duration.ZERO);

    @Test
    void aloneItHearsNothingAndThatIsNoTrouble() {
        assertThat(trouble(false, 1_000)).isEmpty();
    }

    @Test
    void whereAPeerAsksSwimTheFirstAnswerMayTakeThreeSeconds() {
        hearing.expect(true, at(100));
        assertThat(trouble(false, 102)).isEmpty();
        assertThat(trouble(false, 103))
                .hasValueSatisfying(why -> assertThat(why)
                        .isEqualTo("No SWIM packet of another member arrives on UDP port 7947, though members live:"
                                + " UDP is blocked somewhere between"));
        hearing.expect(false, at(104));
        assertThat(trouble(false, 104)).isEmpty();
    }

    @Test
    void membersThatLiveAndAreNotHeardAreTroubleUntilOneIsHeard() {
        hearing.heard(at(10));
        assertThat(trouble(true, 14)).isEmpty();
        assertThat(trouble(true, 15)).isPresent();
        hearing.heard(at(16));
        assertThat(trouble(true, 16)).isEmpty();
    }

    @Test
    void packetsThatNoKeyOpensAreNamed() {
        hearing.heard(at(10));
        hearing.refused(Envelope.Reason.UNKNOWN_KEY, at(12));
        assertThat(trouble(true, 20))
                .hasValueSatisfying(why -> assertThat(why)
                        .isEqualTo("SWIM packets arrive on UDP port 7947 and none can be opened (unknown-key):"
                                + " this node's gossip keys are not its peers'"));
    }

    @Test
    void aPauseIsNoSilence() {
        hearing.heard(at(10));
        hearing.forgive(at(100));
        assertThat(trouble(true, 101)).isEmpty();
    }

    private Optional<String> trouble(boolean alive, long seconds) {
        return hearing.trouble(alive, PATIENCE, at(seconds));
    }

    private static Duration at(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
