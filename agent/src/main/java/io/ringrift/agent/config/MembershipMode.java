package io.ringrift.agent.config;

/** Who is asked whether a member lives ({@code RINGRIFT_MEMBERSHIP_MODE}). */
public enum MembershipMode implements Token {
    /** HTTP polling alone. */
    HTTP,
    /** SWIM gossip alone. */
    SWIM,
    /** SWIM first, HTTP polling as its fallback. */
    HYBRID
}
