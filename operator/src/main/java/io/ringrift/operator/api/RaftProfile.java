package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Sets of Raft's election timers. */
public enum RaftProfile implements Token {
    /** 75 to 150 ms. */
    DEFAULT,
    /** 150 to 300 ms: where pauses are common. */
    STEADY,
    /** 500 to 1000 ms: where voters are starved of CPU. */
    THROTTLED;

    @JsonValue
    @Override
    public String token() {
        return Token.super.token();
    }

    /** The profile written so, or null for a word this version does not know. */
    @JsonCreator
    public static RaftProfile of(String token) {
        return Token.find(values(), token);
    }
}
