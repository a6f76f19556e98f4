package io.ringrift.agent.gateway;

import java.time.Duration;
import java.util.Optional;

/**
 * Since when no leader has answered: requests are held while that is news, because a hand-over or an election takes a moment, and refused
 * at once when it is not. Pure: the time comes in.
 */
final class Interruption {
    private Optional<Duration> since = Optional.empty();

    /** Nobody could be asked, or who was asked does not lead. */
    void begin(Duration now) {
        since = since.filter(began -> began.compareTo(now) <= 0).or(() -> Optional.of(now));
    }

    /** A leader answered, or another one was announced. */
    void end() {
        since = Optional.empty();
    }

    /** Whether requests are still held. */
    boolean isNews(Duration now, Duration patience) {
        return since.filter(began -> now.minus(began).compareTo(patience) >= 0).isEmpty();
    }
}
