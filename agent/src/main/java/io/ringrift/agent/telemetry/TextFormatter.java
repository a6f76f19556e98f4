package io.ringrift.agent.telemetry;

import java.util.HexFormat;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * {@code 2026-11-22T10:15:30.123Z INFO  [SWIM] node-123 is now ALIVE}: time, level, the message as it was given, after
 * the logger's name where a library speaks. What belongs to an exception
 * follows on the same line, separated by {@code |}. Line ends and other control characters in a message are written as escapes: whoever
 * chooses a part of the message cannot forge a line.
 */
final class TextFormatter extends Formatter {
    @Override
    public String format(LogRecord record) {
        StringBuilder line =
                new StringBuilder(160).append(Records.time(record)).append(' ').append(Records.level(record));
        while (line.length() < 30) {
            line.append(' ');
        }
        line.append(' ');
        if (!Records.isOwn(record)) {
            escape(record.getLoggerName() + ": ", line);
        }
        escape(Records.message(record), line);
        if (record.getThrown() != null) {
            for (String part : Records.trace(record.getThrown())) {
                line.append(" | ");
                escape(part, line);
            }
        }
        return line.append('\n').toString();
    }

    private static void escape(String text, StringBuilder line) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                        line.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
    }
}
