package io.ringrift.agent.telemetry;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** One JSON object per line: time, level, logger, message, and for an exception {@code error} with its trace. */
final class JsonFormatter extends Formatter {
    @Override
    public String format(LogRecord record) {
        JsonObject line = new JsonObject()
                .put("time", Records.time(record))
                .put("level", Records.level(record))
                .put("logger", record.getLoggerName())
                .put("message", Records.message(record));
        Throwable thrown = record.getThrown();
        if (thrown != null) {
            line.put(
                    "error",
                    new JsonObject()
                            .put("type", thrown.getClass().getName())
                            .put("message", thrown.getMessage())
                            .put("trace", new JsonArray(Records.trace(thrown))));
        }
        return line.encode() + "\n";
    }
}
