package io.ringrift.agent.consensus.raft;

import io.ringrift.agent.config.Token;

/** Raft's roles, {@code none} where this node runs no peer. */
public enum RaftRole implements Token {
    LEADER,
    FOLLOWER,
    CANDIDATE,
    LISTENER,
    NONE
}
