package io.ringrift.agent.config;

import static io.ringrift.agent.time.Durations.times;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The types of values that keys have. */
final class Values {
    static final String NODE_ID_ALLOWED =
            "a DNS label: 1 to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit";

    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern CLUSTER_NAME = Pattern.compile("[A-Za-z0-9._/-]{1,128}");
    private static final Pattern DURATION =
            Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{0,9})?|\\.[0-9]{1,9}) ?(ms|s|m)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?[0-9]{1,19}");
    private static final Pattern TOKEN_CHARACTERS = Pattern.compile("[\\x21-\\x7e]*");
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");
    private static final int SHORTEST_TOKEN = 16;
    private static final int LONGEST_TOKEN = 4096;

    static final ValueType<String> NODE_ID = new ValueType<>(NODE_ID_ALLOWED, Values::nodeId);
    static final ValueType<String> NAME_OF_CLUSTER = new ValueType<>(
            "1 to 128 of A-Z, a-z, 0-9, dot, underscore, slash and -",
            text -> matching(CLUSTER_NAME, text, "is not a cluster name"));
    static final ValueType<String> HOST = new ValueType<>("a host name or address without port", HostText::host);
    static final ValueType<String> REACHABLE_HOST =
            new ValueType<>("a host name or address that others reach, without port", Values::reachableHost);
    static final ValueType<Integer> PORT = new ValueType<>("a whole number from 1 to 65535", Values::port);
    static final ValueType<Duration> DURATION_TYPE = new ValueType<>(
            "more than 0 and at most 10 minutes, in seconds (2.5) or with a unit (500ms, 5s, 2m)", Values::duration);
    static final ValueType<Boolean> BOOLEAN =
            new ValueType<>("true, false, 1, 0, yes, no, on, off (any case)", Values::bool);
    static final ValueType<Long> ANY_WHOLE_NUMBER =
            new ValueType<>("a whole number", text -> wholeNumber(text, Long.MIN_VALUE, Long.MAX_VALUE));
    static final ValueType<Long> GENERATION =
            new ValueType<>("a whole number from 0", text -> wholeNumber(text, 0, Long.MAX_VALUE));
    static final ValueType<Secret> AUTH_TOKEN =
            new ValueType<>("16 to 4096 visible ASCII characters without spaces", Values::authToken);
    static final ValueType<Path> FILE = new ValueType<>("the path of a readable file", Values::path);
    static final ValueType<Path> DIRECTORY = new ValueType<>("the path of a readable directory", Values::path);
    static final ValueType<Path> WRITABLE_DIRECTORY = new ValueType<>("the path of a directory", Values::path);
    static final ValueType<System.Logger.Level> LOG_LEVEL =
            new ValueType<>("TRACE, DEBUG, INFO, WARN, ERROR", Values::logLevel);

    private Values() {}

    static ValueType<Integer> between(int least, int most) {
        return new ValueType<>(
                "a whole number from " + least + " to " + most,
                text -> Math.toIntExact(wholeNumber(text, least, most)));
    }

    static <E extends Enum<E> & Token> ValueType<E> oneOf(Class<E> type) {
        E[] constants = type.getEnumConstants();
        String allowed = Arrays.stream(constants).map(Token::token).collect(Collectors.joining(", "));
        return new ValueType<>(allowed, text -> {
            String wanted = text.toLowerCase(Locale.ROOT);
            for (E constant : constants) {
                if (constant.token().equals(wanted)) {
                    return constant;
                }
            }
            throw new InvalidValue("is not known");
        });
    }

    static String nodeId(String text) throws InvalidValue {
        return matching(DNS_LABEL, text, "is not a DNS label");
    }

    static int port(String text) throws InvalidValue {
        if (text.startsWith("tcp://") || text.startsWith("udp://")) {
            throw new InvalidValue(
                    "is what Kubernetes sets for a Service of that name (enableServiceLinks: false prevents it)");
        }
        return (int) wholeNumber(text, 1, 65535);
    }

    private static String matching(Pattern pattern, String text, String wrong) throws InvalidValue {
        if (!pattern.matcher(text).matches()) {
            throw new InvalidValue(wrong);
        }
        return text;
    }

    private static long wholeNumber(String text, long least, long most) throws InvalidValue {
        if (!WHOLE_NUMBER.matcher(text).matches()) {
            throw new InvalidValue("is not a whole number");
        }
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new InvalidValue("is out of range");
        }
        if (value < least || value > most) {
            throw new InvalidValue("is out of range");
        }
        return value;
    }

    private static boolean bool(String text) throws InvalidValue {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes", "on" -> true;
            case "false", "0", "no", "off" -> false;
            default -> throw new InvalidValue("is neither true nor false");
        };
    }

    /** In whole milliseconds, which is as fine as timers are; never rounded down to nothing. */
    private static Duration duration(String text) throws InvalidValue {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidValue("is not a time");
        }
        String unit = matcher.group(2) == null ? "s" : matcher.group(2).toLowerCase(Locale.ROOT);
        long millis = millisOf(unit);
        // As a number with nine decimals, of which Java has one kind that is exact and cheap to load: its seconds are
        // the unit's.
        Duration units = Duration.parse("PT0" + matcher.group(1) + "S");
        if (!units.isPositive() || units.compareTo(Duration.ofSeconds(LONGEST.toMillis() / millis)) > 0) {
            throw new InvalidValue("is out of range");
        }
        long rounded = times(units, millis).plusMillis(500).toSeconds();
        return Duration.ofMillis(Math.max(1, rounded));
    }

    private static long millisOf(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "m" -> 60_000;
            default -> 1_000;
        };
    }

    private static String reachableHost(String text) throws InvalidValue {
        String host = HostText.host(text);
        if (WILDCARDS.contains(host)) {
            throw new InvalidValue("stands for all addresses of this machine, so nobody else reaches it");
        }
        return host;
    }

    private static Secret authToken(String text) throws InvalidValue {
        if (!TOKEN_CHARACTERS.matcher(text).matches()) {
            throw new InvalidValue("has characters that no HTTP header can carry");
        }
        if (text.length() < SHORTEST_TOKEN || text.length() > LONGEST_TOKEN) {
            throw new InvalidValue(text.length() < SHORTEST_TOKEN ? "is too short" : "is too long");
        }
        return new Secret(text);
    }

    private static Path path(String text) throws InvalidValue {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InvalidValue("is not a path");
        }
    }

    private static System.Logger.Level logLevel(String text) throws InvalidValue {
        Map<String, System.Logger.Level> levels = Map.of(
                "TRACE", System.Logger.Level.TRACE,
                "DEBUG", System.Logger.Level.DEBUG,
                "INFO", System.Logger.Level.INFO,
                "WARN", System.Logger.Level.WARNING,
                "ERROR", System.Logger.Level.ERROR);
        System.Logger.Level level = levels.get(text.toUpperCase(Locale.ROOT));
        if (level == null) {
            throw new InvalidValue("is not known");
        }
        return level;
    }
}
