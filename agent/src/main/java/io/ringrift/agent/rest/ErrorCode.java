package io.ringrift.agent.rest;

import io.ringrift.agent.state.Answer;

/** The constants that clients may rely on, with the HTTP status that goes with each. */
public enum ErrorCode {
    INVALID_REQUEST(400),
    UNAUTHORIZED(401),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    CONFIG_REFUSED(409),
    VERSION_CONFLICT(409),
    NOT_CLAIMANT(409),
    WRONG_STATE(409),
    LOCKED(409),
    NOT_OWNER(409),
    ALREADY_EXISTS(409),
    KEY_REUSED(409),
    STALE_EPOCH(412),
    TOO_LARGE(413),
    URI_TOO_LONG(414),
    HEADERS_TOO_LARGE(431),
    INTERNAL(500),
    NOT_READY(503),
    OVERLOADED(503),
    RAFT_DISABLED(503),
    NO_QUORUM(503),
    OUTCOME_UNKNOWN(504),
    LIMIT_EXCEEDED(507);

    private final int status;

    ErrorCode(int status) {
        this.status = status;
    }

    /** What clients see of a refusal by the replicated state. */
    static ErrorCode of(Answer.Code code) {
        return switch (code) {
            case NOT_FOUND -> NOT_FOUND;
            case VERSION_CONFLICT -> VERSION_CONFLICT;
            case NOT_CLAIMANT -> NOT_CLAIMANT;
            case WRONG_STATE -> WRONG_STATE;
            case LOCKED -> LOCKED;
            case NOT_OWNER -> NOT_OWNER;
            case ALREADY_EXISTS -> ALREADY_EXISTS;
            case STALE_EPOCH -> STALE_EPOCH;
            case KEY_REUSED -> KEY_REUSED;
            case LIMIT_EXCEEDED -> LIMIT_EXCEEDED;
            case INVALID_REQUEST -> INVALID_REQUEST;
            case FORGOTTEN -> OUTCOME_UNKNOWN;
        };
    }

    int status() {
        return status;
    }
}
