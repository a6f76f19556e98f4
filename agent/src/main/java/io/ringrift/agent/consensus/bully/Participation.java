package io.ringrift.agent.consensus.bully;

/** Which part this node takes in elections: none, a voter's, or one that stands. Not thread-safe. */
final class Participation {
    private final Situation situation;
    private Conduct conduct = Conduct.BULLY;
    private boolean participating = true;
    private boolean retired;

    Participation(Situation situation) {
        this.situation = situation;
    }

    void participate(boolean wanted) {
        participating = wanted;
    }

    void conduct(Conduct wanted) {
        conduct = wanted;
    }

    /** For as long as this run lasts. */
    void retire() {
        retired = true;
    }

    boolean participates() {
        return participating;
    }

    boolean retired() {
        return retired;
    }

    /** Whether its mode lets it promise an epoch to a leader of Bully's. */
    boolean promises() {
        return conduct.promises();
    }

    /** Whether a leader of Bully's makes room here for one that Raft elected. */
    boolean concedes() {
        return conduct.concedes();
    }

    /** Whether it may be elected: one that has retired only where nobody else could. */
    boolean stands() {
        return conduct.stands() && !(retired && situation.bestOther().isPresent());
    }
}
