package io.ringrift.agent.telemetry;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/** Writes each record at once and whole, so that a killed process has said what it said. */
final class StreamHandler extends Handler {
    private final OutputStream out;

    StreamHandler(OutputStream out, Formatter formatter) {
        this.out = out;
        setFormatter(formatter);
    }

    @Override
    public synchronized void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        try {
            out.write(getFormatter().format(record).getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException | RuntimeException e) {
            // Nobody reads the log any more (a full disk, a closed pipe). Logging must never be what breaks the agent.
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
