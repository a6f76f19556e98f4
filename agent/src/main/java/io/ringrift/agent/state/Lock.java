package io.ringrift.agent.state;

import java.io.IOException;

/**
 * A lock that somebody holds.
 *
 * @param token the fencing token: higher than that of every lock that was acquired before, of whatever name
 * @param expiresMillis by the leader's clock, in milliseconds since 1970
 * @param ttlMillis for how long it was acquired, and is renewed
 */
public record Lock(String name, String owner, long token, long expiresMillis, long ttlMillis) {
    private static final int OVERHEAD = 250;

    /** What it takes, in bytes, estimated. */
    long size() {
        return OVERHEAD + 2L * (name.length() + owner.length());
    }

    void write(Encoder out) throws IOException {
        out.text(name).text(owner).number(token).number(expiresMillis).number(ttlMillis);
    }

    static Lock read(Decoder in) throws IOException {
        return new Lock(in.text(), in.text(), in.number(), in.number(), in.number());
    }
}
