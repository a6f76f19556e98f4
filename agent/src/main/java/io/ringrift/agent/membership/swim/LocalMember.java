package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.MemberState;

/** This node as it presents itself. Only it makes new incarnations of itself. */
final class LocalMember {
    private MemberRecord record;
    private MemberState state = MemberState.ALIVE;

    LocalMember(MemberRecord record) {
        this.record = record;
    }

    MemberRecord record() {
        return record;
    }

    MemberState state() {
        return state;
    }

    long instance() {
        return record.instance();
    }

    boolean leaving() {
        return state == MemberState.LEFT;
    }

    long hash() {
        return MemberTable.hashOf(record, state);
    }

    /** Says something new about itself: the content changes and the incarnation rises. */
    void become(MemberRecord changed) {
        record = changed.withIncarnation(record.incarnation() + 1);
    }

    /** Rises above an incarnation that somebody holds against it. */
    void riseAbove(long incarnation) {
        record = record.withIncarnation(Math.max(incarnation, record.incarnation()) + 1);
    }

    void leave() {
        state = MemberState.LEFT;
        riseAbove(record.incarnation());
    }
}
