package io.ringrift.agent.membership.swim;

import io.ringrift.agent.config.Token;
import io.ringrift.agent.membership.Member;
import java.time.Duration;

/** What the shell must do, in the order given. Doing one late is harmless; leaving one out loses what its text says. */
public sealed interface SwimEffect {
    /**
     * Send a datagram. Seal it first when a key is configured; never wait for it, never retry it.
     *
     * @param packet at most {@link Wire#MAX_DATAGRAM} - {@link Wire#MAX_ENVELOPE} bytes
     */
    record SendPacket(Endpoint to, byte[] packet) implements SwimEffect {}

    /**
     * Find out over TCP who answers at a member's REST API, and report to {@link Swim#tcpProbeResult} within the timeout. A
     * result that comes later is ignored.
     *
     * @param gossip where it takes datagrams
     */
    record TcpProbe(long probe, String nodeId, long instance, Endpoint http, Endpoint gossip, Duration timeout)
            implements SwimEffect {}

    /**
     * Carry a request of the full-state exchange to a member's REST API and bring the answer to {@link Swim#syncAnswered}, or
     * report {@link Swim#syncFailed}. Bodies are at most {@link Wire#MAX_SYNC} bytes.
     */
    record Sync(long exchange, String nodeId, Endpoint http, byte[] body) implements SwimEffect {}

    /** Tell whoever listens that a member changed. */
    record MemberChanged(Change change, Member member, String reason) implements SwimEffect {}

    /**
     * Nobody answers this node: the fault is probably here, nobody is accused, and the view is as old as this state. Ends
     * with the first answer. When it lasts for fifteen failure timeouts the others are suspected and become FAILED after all, and it
     * still lasts.
     */
    record Isolated(boolean isolated) implements SwimEffect {}

    /** So many members are suspected at once that a partition is likelier than their deaths. */
    record PartitionSuspected(int suspected, int members) implements SwimEffect {}

    /** A younger process has this node's id and answers for it; this one is no member any more. */
    record Superseded(Endpoint by) implements SwimEffect {}

    /** The goodbye was heard by that many members, or its time is over; the socket may be closed. */
    record LeaveCompleted(int acknowledged) implements SwimEffect {}

    /** How a member changed. */
    enum Change implements Token {
        /** Known for the first time, or back from FAILED. */
        JOINED,
        /** Its address or modes, or whether UDP reaches it. */
        UPDATED,
        SUSPECTED,
        /** Suspected no more, by its own word. */
        REFUTED,
        FAILED,
        LEFT,
        /** The same node, started anew. */
        RESTARTED
    }
}
