package io.ringrift.operator;

/**
 * Decides when the heap's old part is worth collecting. The serial collector collects it only when it may grow no further, so that what a start or a
 * walk through the stages leaves there would stay for good. It is worth it when much has come since the last time, and nothing comes any more.
 *
 * <p>Told how many bytes are used at a fixed interval. Not safe for use by several threads.
 */
final class Leftovers {
    /** Less than this is not worth a pause of some 50 ms. */
    static final long WORTH_BYTES = 2 << 20;

    /** What an operator at rest adds between two looks is a fraction of this; one at work adds more. */
    static final long QUIET_BYTES = 256 << 10;

    private long floor;
    private long previous;
    private boolean onceMore;

    /** Whether to collect now; if so, say {@link #collected} afterwards. */
    boolean worthCollecting(long usedBytes) {
        boolean quiet = usedBytes - previous < QUIET_BYTES;
        previous = usedBytes;
        return quiet && (onceMore || usedBytes - floor > WORTH_BYTES);
    }

    /** What is held by soft references, or waits for a cleaner, goes the second time. */
    void collected(long usedBytes) {
        onceMore = previous - usedBytes > WORTH_BYTES;
        floor = usedBytes;
        previous = usedBytes;
    }
}
