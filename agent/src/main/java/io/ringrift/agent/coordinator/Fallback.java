package io.ringrift.agent.coordinator;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether a fallback serves instead of the protocol that is wanted: at once when that one fails, and until it has worked again
 * without a break for a while. The one object that routing and {@code /status} both read.
 */
final class Fallback {
    /** How long the protocol has to work before it is trusted again. */
    static final Duration HYSTERESIS = Duration.ofSeconds(10);

    private FallbackState state = new FallbackState(false, false, Optional.empty(), Optional.empty(), 0);
    private Optional<Duration> worksSince = Optional.empty();

    FallbackState state() {
        return state;
    }

    boolean isActive() {
        return state.active();
    }

    /**
     * Takes how the wanted protocol does.
     *
     * @param trouble why it cannot serve; empty while it can
     * @return whether the fallback became active or ended
     */
    boolean observe(Optional<String> trouble, Duration now) {
        if (trouble.isPresent()) {
            worksSince = Optional.empty();
            return activate(trouble, now);
        }
        if (!state.active()) {
            return false;
        }
        worksSince = worksSince.or(() -> Optional.of(now));
        return now.minus(worksSince.get()).compareTo(HYSTERESIS) >= 0 && end();
    }

    /** The mode itself asks for what serves: active without trouble and until the mode changes. Returns whether that is new. */
    boolean byMode(String reason, Duration now) {
        worksSince = Optional.empty();
        if (state.byMode()) {
            return false;
        }
        state = new FallbackState(true, true, Optional.of(now), Optional.of(reason), state.activations());
        return true;
    }

    /** No fallback is wanted any more: the configuration asks for nothing that could fail. Returns whether one ended. */
    boolean end() {
        worksSince = Optional.empty();
        if (!state.active()) {
            return false;
        }
        state = new FallbackState(false, false, Optional.empty(), Optional.empty(), state.activations());
        return true;
    }

    /** When it may end; empty while nothing points to that. */
    Optional<Duration> nextDeadline() {
        return worksSince.map(since -> since.plus(HYSTERESIS));
    }

    private boolean activate(Optional<String> reason, Duration now) {
        if (state.active() && !state.byMode()) {
            state = new FallbackState(true, false, state.since(), reason, state.activations());
            return false;
        }
        state = new FallbackState(true, false, Optional.of(now), reason, state.activations() + 1);
        return true;
    }
}
