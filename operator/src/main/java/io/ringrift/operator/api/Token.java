package io.ringrift.operator.api;

import java.util.Locale;

/** An enumerated value as it is written in resources and configuration: lower case, words joined by a hyphen. */
public interface Token {
    /** The constant's name; every enum has it. */
    String name();

    /** The written form, for example {@code low-bandwidth}. */
    default String token() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The constant that is written so, or null: a word that a newer version stored must not keep this one from reading
     * the resource.
     */
    static <T extends Token> T find(T[] values, String token) {
        for (T value : values) {
            if (value.token().equals(token)) {
                return value;
            }
        }
        return null;
    }
}
