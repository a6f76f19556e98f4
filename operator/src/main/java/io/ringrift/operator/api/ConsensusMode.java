package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Who decides leadership. */
public enum ConsensusMode implements Token {
    /** The Bully election alone. */
    BULLY,
    /** Raft alone. */
    RAFT,
    /** Raft first, Bully as its fallback. */
    HYBRID;

    @JsonValue
    @Override
    public String token() {
        return Token.super.token();
    }

    /** The mode written so, or null for a word this version does not know. */
    @JsonCreator
    public static ConsensusMode of(String token) {
        return Token.find(values(), token);
    }
}
