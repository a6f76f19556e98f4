package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.MemberState;
import java.util.BitSet;
import java.util.List;

/** What a packet is for. Numbers are the sender's and come back in the answer; budgets are milliseconds left. */
sealed interface Message {
    /** Are you there? Answered by {@link Ack}. */
    record Ping(long number) implements Message {}

    /** I am (or, from a relay: it is). */
    record Ack(long number) implements Message {}

    /** Ping {@code target} for me; answered by {@link Ack}, or by {@link Nack} when 80 % of the budget is gone. */
    record PingRequest(long number, long target, Endpoint at, int budgetMillis) implements Message {}

    /** I live and asked, but had no answer so far. */
    record Nack(long number) implements Message {}

    /** I suspect {@code subject}: look now and tell me. */
    record WitnessRequest(long number, long subject, Endpoint at, int budgetMillis) implements Message {}

    /** What the witness saw. */
    record WitnessReply(long number, boolean answered) implements Message {}

    /** Nothing but the updates on it. */
    record Gossip() implements Message {}

    /** Take me in; sent to seeds, whose instance is not known yet. */
    record Join(MemberRecord member) implements Message {}

    /** I heard you; this is me. */
    record JoinAck(MemberRecord member) implements Message {}

    /** The instance you wrote to is not here (any more); this is who is. */
    record NotMe(MemberRecord member) implements Message {}

    /** Goodbye heard. */
    record LeaveAck(long incarnation) implements Message {}

    /** Full-state exchange, first request: the hash of each of {@link MemberTable#BUCKETS} buckets. */
    record SyncDigest(long[] buckets) implements Message {}

    /** Its answer: which buckets differ and everything the answering side holds in them. Also answers {@link SyncPush}, empty. */
    record SyncAnswer(BitSet differing, List<Entry> entries) implements Message {}

    /** Full-state exchange, second request: what the answer lacked. */
    record SyncPush(List<Entry> entries) implements Message {}

    /** One member as the sender holds it. @param ageSeconds since it FAILED or LEFT, 0 for the living */
    record Entry(MemberRecord member, MemberState state, long ageSeconds) {}
}
