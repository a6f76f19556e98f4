package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Sets of SWIM's times; a time set by hand wins over its profile. */
public enum SwimProfile implements Token {
    /** Failed 5 s after the first missed ping, suspected for 3 s of them. */
    DEFAULT("5s", "3s"),
    /** Failed after 3 s, suspected for 2 s: for quick networks and idle processors. */
    FAST("3s", "2s"),
    /** Failed after 10 s, suspected for 5 s: for slow links. */
    LOW_BANDWIDTH("10s", "5s");

    private final String failureTimeout;
    private final String suspicionTimeout;

    SwimProfile(String failureTimeout, String suspicionTimeout) {
        this.failureTimeout = failureTimeout;
        this.suspicionTimeout = suspicionTimeout;
    }

    /** From the first missed ping to FAILED, where the resource sets no other. */
    public String failureTimeout() {
        return failureTimeout;
    }

    /** How long a member is suspected before it is failed, where the resource sets no other. */
    public String suspicionTimeout() {
        return suspicionTimeout;
    }

    @JsonValue
    @Override
    public String token() {
        return Token.super.token();
    }

    /** The profile written so, or null for a word this version does not know. */
    @JsonCreator
    public static SwimProfile of(String token) {
        return Token.find(values(), token);
    }
}
