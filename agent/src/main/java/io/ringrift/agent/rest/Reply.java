package io.ringrift.agent.rest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/** What a handler answers. */
sealed interface Reply {
    String JSON = "application/json";

    /** Bytes that are all there. */
    record Document(int status, String contentType, Buffer content) implements Reply {}

    /** The handler goes on writing to the response itself. */
    record Stream(String contentType, Consumer<HttpServerRequest> start) implements Reply {}

    static Reply json(int status, JsonObject body) {
        return new Document(status, JSON, body.toBuffer());
    }

    static Reply ok(JsonObject body) {
        return json(200, body);
    }
}
