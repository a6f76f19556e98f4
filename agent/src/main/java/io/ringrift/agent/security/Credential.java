package io.ringrift.agent.security;

import io.ringrift.agent.config.Secret;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The cluster's credential as this agent holds it now.
 *
 * <p>A rotation reaches the agents one by one. So the credential that was replaced is still accepted for {@link #GRACE}:
 * a neighbour that has not read the new one yet is not locked out. What this agent presents is always the newest.
 * Where there was none before, there is nothing to be accepted longer: the new one counts at once.
 *
 * <p>Safe for use from any thread.
 */
public final class Credential {
    /** How long a replaced credential is still accepted. */
    public static final Duration GRACE = Duration.ofSeconds(60);

    private final AtomicReference<Held> held;

    /** @param current empty where the cluster has none */
    public Credential(Optional<Secret> current) {
        held = new AtomicReference<>(new Held(current, Optional.empty(), Duration.ZERO));
    }

    /** What to present to others; empty where the cluster has none. */
    public Optional<Secret> current() {
        return held.get().current();
    }

    /** Whether {@code presented} is the credential, or the one that was replaced less than {@link #GRACE} before {@code now}. */
    public boolean accepts(String presented, Duration now) {
        Held present = held.get();
        boolean isCurrent = matches(present.current(), presented);
        boolean isPrevious = matches(present.previous(), presented) && now.compareTo(present.previousUntil()) < 0;
        return isCurrent || isPrevious;
    }

    /** Puts another credential in force at {@code now}; the same one again changes nothing. */
    public void replace(Optional<Secret> next, Duration now) {
        held.updateAndGet(present ->
                present.current().equals(next) ? present : new Held(next, present.current(), now.plus(GRACE)));
    }

    private static boolean matches(Optional<Secret> secret, String presented) {
        return secret.map(value -> value.matches(presented)).orElse(false);
    }

    private record Held(Optional<Secret> current, Optional<Secret> previous, Duration previousUntil) {}
}
