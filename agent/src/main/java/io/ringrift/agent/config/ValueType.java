package io.ringrift.agent.config;

/**
 * What the value of a key may be.
 *
 * @param allowed completes the sentence "allowed: ..." in errors and in the documentation
 */
record ValueType<T>(String allowed, Parser<T> parser) {

    /** Turns a stripped, non-empty text into a value. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(String text) throws InvalidValue;
    }

    T parse(String text) throws InvalidValue {
        return parser.parse(text);
    }
}
