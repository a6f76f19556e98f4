package io.ringrift.agent.telemetry;

import java.util.logging.LogManager;

/**
 * java.util.logging closes all handlers in a shutdown hook of its own, beside ours: what the agent says while it ends would be lost by chance.
 * This one keeps them, and reads no file at start. Public because java.util.logging makes the instance.
 */
public final class KeepingLogManager extends LogManager {

    /** Keeps everything: handlers and levels are {@link Logs}' business. */
    @Override
    public void reset() {}

    /** There is no logging.properties: configuration comes from the agent's keys. */
    @Override
    public void readConfiguration() {}
}
