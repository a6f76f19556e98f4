package io.ringrift.operator.rollout;

/**
 * Where a cluster begins to count epochs whose agents have all forgotten theirs: at (generation - 1) x 1,000,000, for the generation of the
 * configuration that they find. So that no epoch is ever used twice, the generation has to stay ahead of the epochs. See docs/adr/0003.
 */
final class Epochs {
    /** As the agents count. */
    private static final long EPOCHS_PER_GENERATION = 1_000_000;

    /** Agents know no higher epoch. */
    private static final long HIGHEST = (1L << 53) - 1;

    private Epochs() {}

    /** The lowest generation under which a cluster that has forgotten everything uses none of the epochs up to {@code epoch}. */
    static long generationAbove(long epoch) {
        long seen = Math.clamp(epoch, 0, HIGHEST);
        return seen == 0 ? 0 : (seen - 1) / EPOCHS_PER_GENERATION + 2;
    }
}
