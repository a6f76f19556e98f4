package io.ringrift.agent.config;

import java.util.ArrayList;
import java.util.List;

/**
 * One key of the configuration: all that parsing, suggestions, run-time rules and the documentation know of it.
 *
 * @param aliases other names for the same thing
 * @param fallback what holds where the key is not set: a value as one would write it, or words
 * @param change whether a new value can be taken while the agent runs
 * @param meaning one sentence for the documentation
 */
record Key<T>(
        String name,
        List<String> aliases,
        ValueType<T> type,
        String fallback,
        Change change,
        Shown shown,
        String meaning) {

    /** Whether a running agent takes another value. */
    enum Change {
        LIVE,
        RESTART
    }

    /** Whether the value may be printed. */
    enum Shown {
        ALWAYS,
        /** Only where it looks like a path: people write the secret itself into the key that should name its file. */
        ABSOLUTE_PATH_ONLY,
        NEVER
    }

    static <T> Key<T> live(String name, ValueType<T> type, String fallback, String meaning) {
        return new Key<>(name, List.of(), type, fallback, Change.LIVE, Shown.ALWAYS, meaning);
    }

    static <T> Key<T> fixed(String name, ValueType<T> type, String fallback, String meaning) {
        return new Key<>(name, List.of(), type, fallback, Change.RESTART, Shown.ALWAYS, meaning);
    }

    Key<T> alias(String alias) {
        return new Key<>(name, List.of(alias), type, fallback, change, shown, meaning);
    }

    Key<T> fallingBackTo(String other) {
        return new Key<>(name, aliases, type, other, change, shown, meaning);
    }

    Key<T> shown(Shown whether) {
        return new Key<>(name, aliases, type, fallback, change, whether, meaning);
    }

    /** The name and its aliases. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        names.add(name);
        names.addAll(aliases);
        return names;
    }

    /** The value of {@link #fallback}; only for keys whose fallback is a value. */
    T fallbackValue() {
        try {
            return type.parse(fallback);
        } catch (InvalidValue e) {
            throw new IllegalStateException(name + " falls back to " + fallback + ", which " + e.getMessage(), e);
        }
    }

    /** How a value of this key may be printed: empty where it must not be. */
    String printable(String value) {
        return switch (shown) {
            case ALWAYS -> Printable.of(value);
            case ABSOLUTE_PATH_ONLY -> value.startsWith("/") ? Printable.of(value) : "";
            case NEVER -> "";
        };
    }

    Problem problem(String writtenAs, String value, String wrong) {
        return new Problem(writtenAs, printable(value), wrong, type.allowed());
    }
}
