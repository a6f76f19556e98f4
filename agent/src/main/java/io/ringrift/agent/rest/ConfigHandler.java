package io.ringrift.agent.rest;

import io.ringrift.agent.config.ConfigStatus;
import io.vertx.core.Future;
import java.util.Map;

/** What applies a configuration that was pushed by {@code PUT /config}. Called on the server's event loop. */
@FunctionalInterface
public interface ConfigHandler {
    /**
     * @param generation the document's number
     * @param keys the whole document: what is not in it falls back to environment, then default
     */
    Future<Outcome> push(long generation, Map<String, String> keys);

    /** What became of it. */
    sealed interface Outcome {}

    /** It runs now, or did already. */
    record Applied(ConfigStatus status) implements Outcome {}

    /** It was refused whole; what ran keeps running. */
    record Refused(ConfigStatus.Refusal refusal) implements Outcome {}
}
