package io.ringrift.operator.api;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as resources write them: {@code 500ms}, {@code 5s}, {@code 2m}, {@code 24h}, {@code 1h30m}. */
public final class Durations {
    /** What a time handed to agents looks like: one number, one unit. */
    static final String AGENT_PATTERN = "^[0-9]{1,6}(\\\\.[0-9]{1,3})?(ms|s|m)$";

    /** What a time of the roll-out looks like: hours too, and several parts. */
    static final String ROLLOUT_PATTERN = "^([0-9]{1,6}(\\\\.[0-9]{1,3})?(ms|s|m|h)){1,4}$";

    private static final Pattern PART = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,3})?)(ms|s|m|h)");

    private Durations() {}

    /**
     * @param text one or more numbers with a unit
     * @throws IllegalArgumentException naming the text and what is allowed
     */
    public static Duration parse(String text) {
        Matcher part = PART.matcher(text);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            BigDecimal milliseconds = new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit(part.group(2))));
            sum = sum.plusNanos(milliseconds.movePointRight(6).longValue());
            end = part.end();
        }
        if (end == 0 || end != text.length()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a duration: write a number and ms, s, m or h, such as 500ms, 5s or 1h30m");
        }
        return sum;
    }

    private static long unit(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            default -> 3_600_000;
        };
    }
}
