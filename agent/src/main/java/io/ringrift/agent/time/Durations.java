package io.ringrift.agent.time;

import java.time.Duration;

/**
 * What is computed with times and is not in {@link Duration}, or only at a price: its own product, quotient and negation go through decimal fractions, whose class takes
 * a start 12 ms, and every division garbage. Exact to the nanosecond, up to 292 years. Pure.
 */
public final class Durations {
    private Durations() {}

    /** The shorter of the two, or the earlier. */
    public static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** The longer of the two, or the later. */
    public static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** How far it is from nothing. */
    public static Duration abs(Duration time) {
        return max(time, Duration.ZERO.minus(time));
    }

    /** @throws ArithmeticException beyond 292 years */
    public static Duration times(Duration time, long factor) {
        return Duration.ofNanos(Math.multiplyExact(time.toNanos(), factor));
    }

    /**
     * Rounded towards zero.
     *
     * @throws ArithmeticException if {@code divisor} is 0, or {@code time} is beyond 292 years
     */
    public static Duration part(Duration time, long divisor) {
        return Duration.ofNanos(time.toNanos() / divisor);
    }
}
