package io.ringrift.agent.consensus.bully;

import static io.ringrift.agent.time.Durations.min;

import io.ringrift.agent.consensus.Leadership.Source;
import io.ringrift.agent.consensus.bully.BullyMessage.Acknowledgement;
import io.ringrift.agent.consensus.bully.BullyMessage.Heartbeat;
import io.ringrift.agent.consensus.bully.BullyMessage.StepDown;
import java.time.Duration;
import java.util.Optional;

/** This node's leadership, while it has one. */
final class Leader {
    private final Situation situation;
    private Optional<Term> term = Optional.empty();
    /** Raft's leader needs nobody's promise where no member takes part in Bully's elections. */
    private boolean alone;

    private record Term(long epoch, Source source, LeaderLease lease, Duration nextHeartbeat, Duration nextReclaim) {}

    /** What an answer calls for. */
    enum Consequence {
        NONE,
        /** A member promised a higher epoch that came to nothing: go on under a higher one still, or it never follows. */
        RECLAIM,
        /** Another leads; without a quorum nothing else would end this leadership. */
        RESIGN
    }

    Leader(Situation situation) {
        this.situation = situation;
    }

    /** The epoch it leads under; 0 for none. */
    long epoch() {
        return term.map(Term::epoch).orElse(0L);
    }

    boolean leads() {
        return term.isPresent();
    }

    boolean leads(Source source) {
        return term.filter(t -> t.source == source).isPresent();
    }

    Source source() {
        return term.map(Term::source).orElse(Source.BULLY);
    }

    /** Whether a leader that Raft elected needs no promises of members. */
    void alone(boolean byItself) {
        alone = byItself;
    }

    /** The end of the lease; empty where it does not run now. */
    Optional<Duration> leaseEnd(Duration now) {
        return term.map(t -> t.lease.end(situation.members(), quorum(t.source))).filter(end -> now.compareTo(end) < 0);
    }

    /** Whether it leads and its lease runs. */
    boolean acts(Duration now) {
        return leaseEnd(now).isPresent();
    }

    /** A quorum accepted the claim; everybody is told at once. */
    void begin(Claim won, Source source, Duration now) {
        LeaderLease lease = new LeaderLease(situation.self.nodeId(), won.sentAt, won.accepted);
        term = Optional.of(new Term(won.epoch, source, lease, now, now));
        heartbeatIfDue(now);
    }

    private int quorum(Source source) {
        return source == Source.RAFT && alone ? 1 : situation.quorum();
    }

    void heartbeatIfDue(Duration now) {
        term.filter(t -> now.compareTo(t.nextHeartbeat) >= 0).ifPresent(t -> {
            situation.sendAll(new Heartbeat(t.epoch, t.lease.nextRound(now), t.source));
            term = Optional.of(new Term(t.epoch, t.source, t.lease, now.plus(Bully.HEARTBEAT), t.nextReclaim));
        });
    }

    /** Takes an answer to this epoch's claim or heartbeats. */
    Consequence acknowledged(String from, Acknowledgement answer, Duration now) {
        Term current = term.orElseThrow();
        return switch (answer.outcome()) {
            case ACCEPTED -> {
                current.lease.acknowledged(from, answer.sequence());
                yield Consequence.NONE;
            }
            case ABSTAIN -> Consequence.NONE;
            case LEASE -> refusedForLease(current, now);
            case EPOCH -> reclaim(current, now);
        };
    }

    /** A leader that Raft elected waits for the end of a lease that Bully's got. */
    private Consequence refusedForLease(Term current, Duration now) {
        if (current.source == Source.RAFT) {
            return Consequence.NONE;
        }
        return situation.needsMajority() ? reclaim(current, now) : Consequence.RESIGN;
    }

    /** Gives up; the successor, if any, stands at once. */
    void resign(Optional<String> successor) {
        term.ifPresent(t -> situation.sendAll(new StepDown(t.epoch, successor)));
        term = Optional.empty();
    }

    Optional<Duration> deadline(Duration now) {
        return term.map(t -> min(leaseEnd(now).orElse(now), t.nextHeartbeat));
    }

    private Consequence reclaim(Term current, Duration now) {
        if (now.compareTo(current.nextReclaim) < 0) {
            return Consequence.NONE;
        }
        term = Optional.of(
                new Term(current.epoch, current.source, current.lease, current.nextHeartbeat, now.plus(Bully.LEASE)));
        return Consequence.RECLAIM;
    }
}
