package io.ringrift.agent.security;

import io.ringrift.agent.config.Token;

/**
 * What stands between a gossip packet and the network: a checksum where no key is configured, encryption and
 * authentication where one is. Not safe for use by several threads at once; the gossip's event loop owns it.
 */
public sealed interface Envelope permits PlainEnvelope, SealedEnvelope {
    /** The datagram for a packet. */
    byte[] close(byte[] packet);

    /** The packet in a datagram. Any bytes at all are taken. */
    Opened open(byte[] datagram);

    /** What opening came to. */
    sealed interface Opened {
        record Packet(byte[] bytes) implements Opened {}

        record Refused(Reason reason) implements Opened {}
    }

    /** Why a datagram was refused. */
    enum Reason implements Token {
        /** Too short, or its checksum is wrong. */
        MALFORMED,
        /** Sealed, and no key is configured here. */
        SEALED,
        /** Not sealed, and a key is configured here. */
        NOT_SEALED,
        /** Sealed with a key that is not in the keyring. */
        UNKNOWN_KEY,
        /** Altered, forged, or another cluster's. */
        NOT_AUTHENTIC,
        /** Seen before, or older than the window that tells. */
        REPLAYED
    }
}
