package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonCreator;

/** From which level on the agents log. */
public enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR;

    /** The level of that name, or null for a word this version does not know. */
    @JsonCreator
    public static LogLevel of(String name) {
        for (LogLevel level : values()) {
            if (level.name().equals(name)) {
                return level;
            }
        }
        return null;
    }
}
