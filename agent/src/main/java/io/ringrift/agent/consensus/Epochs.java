package io.ringrift.agent.consensus;

/**
 * Which numbers epochs get: Bully's are odd, Raft's even. A leader that Raft elected and one of Bully's may each be unable to hear of the other (a
 * roll-out that reaches one side of a partition); so they can never hold the same epoch. See docs/adr/0003.
 */
public final class Epochs {
    /** Epochs stay exact in JSON. */
    public static final long MAX = (1L << 53) - 1;

    /**
     * Added to the highest epoch heard where there may be higher ones that nobody who is heard knows of. As many elections in a row would have to go
     * unnoticed for an epoch to repeat.
     */
    public static final long UNNOTICED = 1_000;

    private Epochs() {}

    /** The lowest above {@code known} for a leader that Raft elects. */
    public static long nextOfRaft(long known) {
        return (known | 1) + 1;
    }

    /** The lowest above {@code known} for a leader that a majority of members elects by Bully. */
    public static long nextOfBully(long known) {
        return nextOfBully(known, 0, 1);
    }

    /**
     * The lowest above {@code known} that no other member would choose by Bully.
     *
     * @param rank this member's, from 0
     * @param members how many there are
     */
    public static long nextOfBully(long known, int rank, int members) {
        long next = known + 1;
        return next + Math.floorMod(2L * rank + 1 - next, 2L * members);
    }

    /** The highest known under which each of so many members can still choose one. */
    public static long highestBefore(int members) {
        return MAX - 2L * members;
    }
}
