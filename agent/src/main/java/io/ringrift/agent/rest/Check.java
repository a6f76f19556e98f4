package io.ringrift.agent.rest;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * One condition on a value.
 *
 * @param allowed what is allowed, as the rest of a sentence that begins with "must be"
 * @param raw the value is stored for the user: it is kept as {@link RawJson}
 */
record Check(String allowed, Predicate<Object> holds, boolean raw) {
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

    Check(String allowed, Predicate<Object> holds) {
        this(allowed, holds, false);
    }

    static Check text(int maxLength) {
        return new Check(
                "a text of 1 to " + maxLength + " characters",
                value -> value instanceof String text && !text.isEmpty() && text.length() <= maxLength);
    }

    static Check nodeId() {
        return new Check(
                "a node id (letters a-z, digits and hyphens, at most 63)",
                value -> value instanceof String text && DNS_LABEL.matcher(text).matches());
    }

    /** A whole number as JSON writes it. */
    static Check whole(long min, long max) {
        return new Check("a whole number from " + min + " to " + max, value -> switch (value) {
            case Integer number -> number >= min && number <= max;
            case Long number -> number >= min && number <= max;
            case null, default -> false;
        });
    }

    /** A whole number as a query or header writes it. */
    static Check digits(long min, long max) {
        return new Check(
                "a whole number from " + min + " to " + max,
                value -> value instanceof String text
                        && DIGITS.matcher(text).matches()
                        && Long.parseLong(text) >= min
                        && Long.parseLong(text) <= max);
    }

    static Check oneOf(String... values) {
        return new Check(
                "one of " + String.join(", ", values), value -> List.of(values).contains(value));
    }

    static Check anything() {
        return new Check("a JSON value", value -> true, true);
    }

    static Check object() {
        return new Check(
                "a JSON object", value -> value instanceof RawJson json && (json.isObject() || json.isNull()), true);
    }

    static Check flag() {
        return new Check("true or false", Boolean.class::isInstance);
    }

    /** Nothing: the agent says it. */
    static Check leftOut() {
        return new Check("left out, because the agent sets it", value -> false);
    }

    static Check texts(int maxCount, int maxLength) {
        Check each = text(maxLength);
        return new Check(
                "a list of 1 to " + maxCount + " texts of 1 to " + maxLength + " characters",
                value -> elements(value)
                        .filter(list -> !list.isEmpty()
                                && list.size() <= maxCount
                                && list.stream().allMatch(each.holds))
                        .isPresent());
    }

    /** An object whose values are texts. */
    static Check textMap() {
        return new Check(
                "an object whose values are texts",
                value -> members(value)
                        .filter(map -> map.values().stream().allMatch(String.class::isInstance))
                        .isPresent());
    }

    private static Optional<List<?>> elements(Object value) {
        return switch (value) {
            case JsonArray array -> Optional.of(array.getList());
            case List<?> list -> Optional.of(list);
            case null, default -> Optional.empty();
        };
    }

    private static Optional<Map<?, ?>> members(Object value) {
        return switch (value) {
            case JsonObject object -> Optional.of(object.getMap());
            case Map<?, ?> map -> Optional.of(map);
            case null, default -> Optional.empty();
        };
    }
}
