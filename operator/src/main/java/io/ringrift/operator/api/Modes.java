package io.ringrift.operator.api;

/**
 * The four switches of an agent that a stage stands for.
 *
 * @param swimEnabled SWIM runs, whether or not it is asked
 * @param membership who is asked whether a member lives
 * @param raftEnabled Raft runs, whether or not it is asked
 * @param consensus who decides leadership
 */
public record Modes(boolean swimEnabled, MembershipMode membership, boolean raftEnabled, ConsensusMode consensus) {
    /** The highest stage. */
    public static final int LAST_STAGE = 4;

    /**
     * What the stage means by itself.
     *
     * @throws IllegalArgumentException if there is no such stage
     */
    public static Modes ofStage(int stage) {
        return switch (stage) {
            case 0 -> new Modes(false, MembershipMode.HTTP, false, ConsensusMode.BULLY);
            case 1 -> new Modes(true, MembershipMode.HYBRID, false, ConsensusMode.BULLY);
            case 2 -> new Modes(true, MembershipMode.SWIM, false, ConsensusMode.BULLY);
            case 3 -> new Modes(true, MembershipMode.SWIM, true, ConsensusMode.HYBRID);
            case 4 -> new Modes(true, MembershipMode.SWIM, true, ConsensusMode.RAFT);
            default -> throw new IllegalArgumentException("stage " + stage + " does not exist: stages are 0 to 4");
        };
    }

    /** The same with the resource's own modes, which win over the stage's, and its shadows, which decide nothing. */
    Modes overriddenBy(MembershipSpec membershipSpec, ConsensusSpec consensusSpec) {
        MembershipMode membershipMode = membershipSpec.mode() == null ? membership : membershipSpec.mode();
        ConsensusMode consensusMode = consensusSpec.mode() == null ? consensus : consensusSpec.mode();
        return new Modes(
                membershipMode != MembershipMode.HTTP || membershipSpec.shadow(),
                membershipMode,
                consensusMode != ConsensusMode.BULLY || consensusSpec.shadow(),
                consensusMode);
    }
}
