package io.ringrift.agent.rest;

/** The agent cannot listen where it is told to; the message is a sentence that says what to change. */
public final class ListenException extends RuntimeException {
    ListenException(String message, Throwable cause) {
        super(message, cause);
    }
}
