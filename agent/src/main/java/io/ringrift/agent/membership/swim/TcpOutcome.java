package io.ringrift.agent.membership.swim;

/** What a {@link SwimEffect.TcpProbe} came to. */
public enum TcpOutcome {
    /** The instance asked for answered. */
    ANSWERED,
    /** Somebody else answered there. */
    OTHER_INSTANCE,
    /** The host says that nobody listens, neither for connections nor for datagrams. */
    REFUSED,
    /** Nothing in time. */
    SILENT
}
