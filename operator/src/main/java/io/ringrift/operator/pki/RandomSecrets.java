package io.ringrift.operator.pki;

import java.security.SecureRandom;
import java.util.Base64;

/** Shared secrets that the agents of one cluster have in common. Both are 32 random bytes. */
public final class RandomSecrets {

    private static final int LENGTH = 32;

    private RandomSecrets() {}

    /** The bearer token of the REST API: base64url without padding, so that it needs no escaping in any header. */
    public static String token(SecureRandom random) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(random));
    }

    /** One key of AES-256 that seals gossip: plain base64, one line of the keyring. */
    public static String gossipKey(SecureRandom random) {
        return Base64.getEncoder().encodeToString(bytes(random));
    }

    private static byte[] bytes(SecureRandom random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return bytes;
    }
}
