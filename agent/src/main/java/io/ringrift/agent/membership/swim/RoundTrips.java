package io.ringrift.agent.membership.swim;

/** Smoothed round-trip time over all members and its deviation, as TCP keeps them (RFC 6298). */
final class RoundTrips {
    private double smoothed;
    private double deviation;
    private boolean measured;

    void sample(long nanos) {
        if (measured) {
            deviation += (Math.abs(nanos - smoothed) - deviation) / 4;
            smoothed += (nanos - smoothed) / 8;
        } else {
            smoothed = nanos;
            deviation = nanos / 2.0;
            measured = true;
        }
    }

    /** How long an answer may take before it is late, in nanoseconds; unbounded before the first sample. */
    long patience() {
        return measured ? (long) (smoothed + 4 * deviation) : Long.MAX_VALUE;
    }
}
