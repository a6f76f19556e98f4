package io.ringrift.agent.raft.wire;

/**
 * What time it is for the replicated state, which peers tell each other with whatever they say: a leader its followers, and a voter whoever stands. So
 * one that has just started, or was cut off, knows it before it can lead. In milliseconds since 1970. Thread-safe.
 */
public interface PeerClock {
    /** What is told; 0 where this peer does not know. */
    long tell();

    /** @param millis what this peer's leader told: with that it goes, even where it thought it was later */
    void followed(long millis);

    /** @param millis what another peer told, which does not lead */
    void heard(long millis);
}
