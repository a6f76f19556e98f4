package io.ringrift.agent.consensus.bully;

/**
 * What the disk keeps of promises for the next run.
 *
 * @param epoch the highest promised; 0 where nothing is remembered
 * @param unbound that promise was to a leader that Raft elected and no lease of Bully's ran then, so none that a former run granted can be
 *     running; a promise to a leader of Bully's ends it
 */
public record Remembered(long epoch, boolean unbound) {
    /** A new or lost disk: a former run may have granted anything. */
    public static final Remembered NOTHING = new Remembered(0, false);

    /** With a later promise. */
    public Remembered and(Remembered promise) {
        return promise.epoch > epoch ? promise : new Remembered(epoch, unbound && promise.unbound);
    }
}
