package io.ringrift.agent.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A value that never appears in a log, an error or a status document. */
public final class Secret {
    private final byte[] value;

    public Secret(String value) {
        this.value = value.getBytes(StandardCharsets.UTF_8);
    }

    /** The value, for the one place that sends it. */
    public String reveal() {
        return new String(value, StandardCharsets.UTF_8);
    }

    /** Compares in constant time, so that an answer's delay tells nothing about the value. */
    public boolean matches(String other) {
        return MessageDigest.isEqual(value, other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(value, secret.value);
    }

    @Override
    public int hashCode() {
        return Secret.class.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
