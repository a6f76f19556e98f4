package io.ringrift.agent.runtime;

/** What a stranger sent is not what it should be. Never leaves the codec; has no stack trace, because anybody can cause it. */
final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
        super(message, null, false, false);
    }
}
