package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Who is asked whether a member lives. */
public enum MembershipMode implements Token {
    /** HTTP polling alone. */
    HTTP,
    /** SWIM gossip alone. */
    SWIM,
    /** SWIM first, HTTP polling as its fallback. */
    HYBRID;

    @JsonValue
    @Override
    public String token() {
        return Token.super.token();
    }

    /** The mode written so, or null for a word this version does not know. */
    @JsonCreator
    public static MembershipMode of(String token) {
        return Token.find(values(), token);
    }
}
