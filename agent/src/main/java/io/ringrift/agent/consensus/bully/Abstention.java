package io.ringrift.agent.consensus.bully;

import io.ringrift.agent.consensus.Leadership.Source;
import java.time.Duration;
import java.util.Optional;

/**
 * What a run that has just started may not promise yet: it does not know which leases its former run granted. It abstains until none can be
 * left, or until every other member has spoken to it and told of none. See docs/adr/0003.
 */
final class Abstention {
    private final Situation situation;
    private final Voter voter;
    private final Duration until;
    /** A former run of this node may have granted a lease to a leader of Bully's. */
    private final boolean bound;

    private boolean over;

    /** @param remembered what a former run made durable */
    Abstention(Situation situation, Voter voter, Remembered remembered, Duration now) {
        this.situation = situation;
        this.voter = voter;
        this.until = now.plus(Bully.LEASE).plus(Bully.MARGIN);
        this.bound = !remembered.unbound();
    }

    boolean holds() {
        return !over;
    }

    /** Whether a leader of that kind gets no promise: one of Raft's gets it where the former run remembered that no lease of Bully's ran. */
    boolean holds(Source source) {
        return !over && (source == Source.BULLY || bound);
    }

    /** Whether a leader of Bully's may hold a lease that this node granted. */
    boolean isBound(Duration now) {
        return holds(Source.RAFT) || voter.leaseOfAnother(situation.self, Source.RAFT, now);
    }

    /** Ends where nothing stands against it any more; a leader that was heard of is taken to hold a lease from now on. */
    void endIfDue(Duration now) {
        if (over) {
            return;
        }
        Optional<Evidence.Clearance> clearance = situation.clearance();
        if (clearance.isEmpty() && now.compareTo(until) < 0) {
            return;
        }
        over = true;
        clearance.ifPresent(
                clear -> clear.leader().ifPresent(leading -> voter.grant(clear.epoch(), leading, clear.source(), now)));
        recall();
    }

    /** Somebody who remembers promises spoke to this run for the first time. */
    void heardMemory() {
        if (over) {
            recall();
        }
    }

    /**
     * Without memory it stays above what others know of epochs that it may have promised. Whoever speaks to it later, for the first time, may know
     * of more; what somebody has learned since then it has not promised before.
     */
    private void recall() {
        if (voter.fresh()) {
            voter.raise(situation.baseline());
        }
    }

    /** When {@link #endIfDue} is wanted; empty once it is over. */
    Optional<Duration> deadline(Duration now) {
        return over ? Optional.empty() : Optional.of(situation.clearance().isPresent() ? now : until);
    }

    /** Why nobody leads, while it holds. */
    String words() {
        return "This agent started a moment ago and waits, until " + until.toSeconds()
                + " s after its start at most, for what an earlier run of it may have promised.";
    }
}
