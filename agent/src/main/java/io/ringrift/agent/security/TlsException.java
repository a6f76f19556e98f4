package io.ringrift.agent.security;

/** A certificate, key or authority that cannot be used; the message names the file and says why. */
public final class TlsException extends RuntimeException {
    TlsException(String message, Throwable cause) {
        super(message, cause);
    }

    TlsException(String message) {
        super(message);
    }
}
