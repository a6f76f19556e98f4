package io.ringrift.agent.config;

/** Who decides leadership ({@code RINGRIFT_CONSENSUS_MODE}). */
public enum ConsensusMode implements Token {
    /** The Bully election alone. */
    BULLY,
    /** Raft alone. */
    RAFT,
    /** Raft first, Bully as its fallback. */
    HYBRID
}
