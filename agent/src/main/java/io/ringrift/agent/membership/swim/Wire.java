package io.ringrift.agent.membership.swim;

/**
 * The numbers of the wire format, {@code docs/swim-wire.md}. A number once given is never given anew.
 *
 * <p>Every packet begins with a header of {@value #HEADER} bytes that is never encrypted: magic, version, type, flags, cluster
 * tag, source instance, destination instance.
 */
public final class Wire {
    /** First byte of every packet. */
    public static final int MAGIC = 0xA7;
    /** The one version there is; a packet is written in the highest version that both ends read. */
    public static final int VERSION = 1;
    /** Bytes of the header, which is authenticated but not encrypted. */
    public static final int HEADER = 24;
    /** Where in the header the flags stand. */
    public static final int FLAGS_AT = 3;
    /** Where in the header the cluster's tag stands. */
    public static final int CLUSTER_AT = 4;
    /** Where in the header the source's instance stands. */
    public static final int SOURCE_AT = 8;
    /** Flag: the body is sealed. */
    public static final int SEALED = 1;
    /** A datagram never exceeds this, so that it passes any tunnel that carries IPv6. */
    public static final int MAX_DATAGRAM = 1_200;
    /** What sealing adds at most; the core leaves that much room in every packet. */
    public static final int MAX_ENVELOPE = 28;
    /** Largest packet the core makes for UDP. */
    static final int MAX_PACKET = MAX_DATAGRAM - MAX_ENVELOPE;
    /** Largest body of a full-state exchange over HTTP. */
    public static final int MAX_SYNC = 1 << 20;

    static final int PING = 1;
    static final int ACK = 2;
    static final int PING_REQUEST = 3;
    static final int NACK = 4;
    static final int WITNESS_REQUEST = 5;
    static final int WITNESS_REPLY = 6;
    static final int GOSSIP = 7;
    static final int JOIN = 8;
    static final int JOIN_ACK = 9;
    static final int NOT_ME = 10;
    static final int LEAVE_ACK = 11;
    static final int SYNC_DIGEST = 12;
    static final int SYNC_ANSWER = 13;
    static final int SYNC_PUSH = 14;

    static final int ALIVE = 1;
    static final int SUSPECT = 2;
    static final int FAILED = 3;
    static final int LEFT = 4;

    private Wire() {}
}
