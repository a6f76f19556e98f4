package io.ringrift.agent.coordinator;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether a fallback serves instead of the protocol that was wanted. The same value drives routing and {@code /status}.
 *
 * @param active the fallback serves now
 * @param byMode the mode itself asks for what serves: active, and no trouble
 * @param since when it became active, in time since this process started; empty while inactive
 * @param reason why, in a sentence; empty while inactive
 * @param activations how often trouble made it active since this process started
 */
public record FallbackState(
        boolean active, boolean byMode, Optional<Duration> since, Optional<String> reason, long activations) {}
