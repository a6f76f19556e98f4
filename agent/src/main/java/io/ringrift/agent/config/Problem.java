package io.ringrift.agent.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param key as the user wrote it, so the alias where an alias was used
 * @param value safe to print; empty where it is a secret or there is none
 * @param wrong what is wrong, without a full stop
 * @param allowed what would be right, without a full stop
 */
public record Problem(String key, String value, String wrong, String allowed) {

    /** One line: the key, the value, what is wrong and what is allowed. */
    public String sentence() {
        return key + (value.isEmpty() ? "" : "=" + value) + ": " + wrong + "; allowed: " + allowed;
    }
}
