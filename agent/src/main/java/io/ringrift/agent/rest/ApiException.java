package io.ringrift.agent.rest;

import io.vertx.core.json.JsonObject;

/** An answer that is an error: {@code {"error": sentence, "code": CONSTANT, "details": {...}}}. It is no fault of the agent and leaves no trace in the log. */
public final class ApiException extends RuntimeException {
    private final ErrorCode code;
    private final JsonObject details;

    /** @param sentence what is wrong and what is allowed, for the one who sent the request; never a secret */
    public ApiException(ErrorCode code, String sentence, JsonObject details) {
        super(sentence, null, false, false);
        this.code = code;
        this.details = details;
    }

    public ApiException(ErrorCode code, String sentence) {
        this(code, sentence, new JsonObject());
    }

    public ErrorCode code() {
        return code;
    }

    JsonObject body() {
        return new JsonObject()
                .put("error", getMessage())
                .put("code", code.name())
                .put("details", details);
    }
}
