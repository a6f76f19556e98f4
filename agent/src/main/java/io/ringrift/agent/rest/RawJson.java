package io.ringrift.agent.rest;

/**
 * A JSON value as it was sent, byte by byte: what is stored for users is given back as it came, large numbers included.
 *
 * @param utf8 valid JSON
 */
record RawJson(byte[] utf8) {
    boolean isObject() {
        return utf8[0] == '{';
    }

    boolean isNull() {
        return utf8[0] == 'n';
    }
}
