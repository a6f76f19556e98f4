package io.ringrift.agent.telemetry;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * For lines that a stranger can provoke: a few per kind and minute, and the next one says how many were left out. Safe for use from any thread.
 */
public final class RateLimitedLog {
    private final System.Logger log;
    private final Supplier<Duration> clock;
    private final RateLimiter limiter;

    /** @param clock time since the process started */
    public RateLimitedLog(System.Logger log, Supplier<Duration> clock, int perMinute) {
        this.log = log;
        this.clock = clock;
        this.limiter = new RateLimiter(perMinute);
    }

    /** @param kind what is counted together; a constant, never something a stranger chose */
    public void log(Level level, String kind, Supplier<String> message) {
        if (!log.isLoggable(level)) {
            return;
        }
        OptionalLong leftOut;
        synchronized (limiter) {
            leftOut = limiter.admit(kind, clock.get());
        }
        leftOut.ifPresent(count -> log.log(
                level, count == 0 ? message.get() : message.get() + " (" + count + " more like this were not logged)"));
    }
}
