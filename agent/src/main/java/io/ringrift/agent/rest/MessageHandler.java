package io.ringrift.agent.rest;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** What takes another agent's message from {@code POST /cluster/messages}. Called on the server's event loop. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * @param message a JSON object, not checked further
     * @param remoteHost the literal address it came from
     * @return the answer; fails with {@link ApiException} where the message cannot be taken
     */
    Future<JsonObject> receive(JsonObject message, String remoteHost);
}
