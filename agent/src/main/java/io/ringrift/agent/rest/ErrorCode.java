package io.ringrift.agent.rest;

/** The constants that clients may rely on, with the HTTP status that goes with each. */
public enum ErrorCode {
    INVALID_REQUEST(400),
    UNAUTHORIZED(401),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    CONFIG_REFUSED(409),
    TOO_LARGE(413),
    URI_TOO_LONG(414),
    HEADERS_TOO_LARGE(431),
    INTERNAL(500),
    NOT_READY(503),
    OVERLOADED(503),
    RAFT_DISABLED(503),
    NO_QUORUM(503),
    OUTCOME_UNKNOWN(504);

    private final int status;

    ErrorCode(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }
}
