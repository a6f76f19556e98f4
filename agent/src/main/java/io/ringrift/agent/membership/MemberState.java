package io.ringrift.agent.membership;

/** What the cluster holds of a member. Names are what the REST API shows. */
public enum MemberState {
    /** Answers. */
    ALIVE,
    /** Missed too much to be trusted, too little to be given up. */
    SUSPECTED,
    /** Given up. */
    FAILED,
    /** Said goodbye. */
    LEFT
}
