package io.ringrift.agent.config;

import java.util.Locale;

/** An enumerated value as it is written in configuration and JSON: lower case, words joined by a hyphen. */
public interface Token {
    /** The constant's name; every enum has it. */
    String name();

    /** The written form, for example {@code low-bandwidth}. */
    default String token() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
