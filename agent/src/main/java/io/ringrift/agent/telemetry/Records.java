package io.ringrift.agent.telemetry;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** What the two formats have in common. */
final class Records {
    private static final int MAX_FRAMES = 12;
    private static final int MAX_CAUSES = 4;

    private Records() {}

    /** RFC 3339 in UTC, always with milliseconds, so that lines sort. */
    static String time(LogRecord record) {
        Instant instant = record.getInstant().truncatedTo(ChronoUnit.MILLIS);
        String text = instant.toString();
        return instant.getNano() == 0 ? text.replace("Z", ".000Z") : text;
    }

    /** The name under which the level is configured. */
    static String level(LogRecord record) {
        int value = record.getLevel().intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (value >= Level.WARNING.intValue()) {
            return "WARN";
        }
        if (value >= Level.INFO.intValue()) {
            return "INFO";
        }
        return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    /** Whether the agent itself says it, not one of its libraries. */
    static boolean isOwn(LogRecord record) {
        return record.getLoggerName() != null && record.getLoggerName().startsWith(Logs.OWN);
    }

    static String message(Formatter formatter, LogRecord record) {
        String message = formatter.formatMessage(record);
        return message == null ? "" : message;
    }

    /** One entry per throwable and frame, causes included, cut to what helps. */
    static List<String> trace(Throwable thrown) {
        List<String> lines = new ArrayList<>();
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < MAX_CAUSES; depth++, at = at.getCause()) {
            lines.add((depth == 0 ? "" : "caused by ") + at);
            StackTraceElement[] frames = at.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
                lines.add("at " + frames[i]);
            }
        }
        return lines;
    }
}
