package io.ringrift.agent.membership.swim;

/** What a {@link SwimEffect.TcpProbe} came to. */
public enum TcpOutcome {
    /** The instance asked for answered. */
    ANSWERED,
    /** Somebody else answered there. */
    OTHER_INSTANCE,
    /** The host answers, nobody listens. */
    REFUSED,
    /** Nothing in time. */
    SILENT
}
