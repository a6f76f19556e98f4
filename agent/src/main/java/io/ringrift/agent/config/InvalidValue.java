package io.ringrift.agent.config;

/** A text that is no value of its type; the message says what is wrong with it and never repeats a secret. */
final class InvalidValue extends Exception {
    InvalidValue(String wrong) {
        super(wrong, null, false, false);
    }
}
