package io.ringrift.agent.consensus.bully;

/**
 * How a node takes part in Bully's elections; that depends on its consensus mode.
 *
 * @param stands it stands for election
 * @param promises it promises epochs to those that Bully elects; leaders that Raft elected are followed in any case
 * @param concedes as a leader that Bully elected it gives way to one that Raft elected
 */
public record Conduct(boolean stands, boolean promises, boolean concedes) {
    /** Bully alone decides. */
    public static final Conduct BULLY = new Conduct(true, true, false);

    /** Bully decides because Raft does not, until it does. */
    public static final Conduct FALLBACK = new Conduct(true, true, true);

    /** Raft decides, and Bully waits for it. */
    public static final Conduct STANDBY = new Conduct(false, true, true);

    /** Raft alone decides. */
    public static final Conduct RAFT = new Conduct(false, false, true);
}
