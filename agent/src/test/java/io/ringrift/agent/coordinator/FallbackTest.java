package io.ringrift.agent.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FallbackTest {
    private static final Optional<String> TROUBLE = Optional.of("the port is taken");

    private final Fallback fallback = new Fallback();

    @Test
    void activatesAtOnceAndSaysSinceWhenAndWhy() {
        assertThat(fallback.observe(TROUBLE, at(3))).isTrue();
        assertThat(fallback.state()).isEqualTo(new FallbackState(true, false, Optional.of(at(3)), TROUBLE, 1));
        assertThat(fallback.observe(TROUBLE, at(4))).as("no news").isFalse();
        assertThat(fallback.state().since()).contains(at(3));
    }

    @Test
    void endsOnlyAfterTheProtocolWorkedForAWhile() {
        fallback.observe(TROUBLE, at(0));
        assertThat(fallback.observe(Optional.empty(), at(1))).isFalse();
        assertThat(fallback.nextDeadline()).contains(at(11));
        assertThat(fallback.observe(Optional.empty(), at(10))).isFalse();
        assertThat(fallback.observe(Optional.empty(), at(11))).isTrue();
        assertThat(fallback.state()).isEqualTo(new FallbackState(false, false, Optional.empty(), Optional.empty(), 1));
    }

    @Test
    void aRelapseStartsTheWaitAnew() {
        fallback.observe(TROUBLE, at(0));
        fallback.observe(Optional.empty(), at(1));
        fallback.observe(TROUBLE, at(9));
        assertThat(fallback.observe(Optional.empty(), at(12))).isFalse();
        assertThat(fallback.isActive()).isTrue();
        assertThat(fallback.state().activations()).isEqualTo(1);
    }

    @Test
    void countsActivations() {
        fallback.observe(TROUBLE, at(0));
        assertThat(fallback.end()).isTrue();
        assertThat(fallback.end()).isFalse();
        fallback.observe(TROUBLE, at(1));
        assertThat(fallback.state().activations()).isEqualTo(2);
    }

    @Test
    void whatTheModeAsksForIsActiveAndNoActivation() {
        assertThat(fallback.byMode("Bully decides", at(1))).isTrue();
        assertThat(fallback.byMode("Bully decides", at(2))).as("no news").isFalse();
        assertThat(fallback.state())
                .isEqualTo(new FallbackState(true, true, Optional.of(at(1)), Optional.of("Bully decides"), 0));
        assertThat(fallback.observe(TROUBLE, at(3)))
                .as("another mode, and trouble")
                .isTrue();
        assertThat(fallback.state()).isEqualTo(new FallbackState(true, false, Optional.of(at(3)), TROUBLE, 1));
        assertThat(fallback.byMode("Bully decides", at(4))).isTrue();
        assertThat(fallback.state().activations()).isEqualTo(1);
    }

    private static Duration at(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
