package io.ringrift.agent.telemetry;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
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

    /**
     * The message with its parameters in place of {@code {0}}, {@code {1}} ... as they print themselves. Java's own way, MessageFormat, brings the
     * language data of the JDK into memory, a megabyte; its doubled quotes are understood, since callers write for it.
     */
    static String message(LogRecord record) {
        String message = record.getMessage();
        Object[] parameters = record.getParameters();
        if (message == null || parameters == null || parameters.length == 0) {
            return message == null ? "" : message;
        }
        StringBuilder text = new StringBuilder(message.length() + 64);
        for (int i = 0; i < message.length(); i++) {
            int parameter = parameterAt(message, i);
            if (parameter >= 0 && parameter < parameters.length) {
                text.append(parameters[parameter]);
                i += 2;
            } else {
                text.append(message.charAt(i));
                i += message.startsWith("''", i) ? 1 : 0;
            }
        }
        return text.toString();
    }

    /** The number of the parameter that is named at {@code i}, -1 where none is. */
    private static int parameterAt(String message, int i) {
        boolean named = i + 2 < message.length() && message.charAt(i) == '{' && message.charAt(i + 2) == '}';
        return named ? Character.digit(message.charAt(i + 1), 10) : -1;
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
