package io.ringrift.agent.consensus.bully;

import static io.ringrift.agent.time.Durations.part;

import io.ringrift.agent.consensus.Leadership.Source;
import io.ringrift.agent.consensus.bully.BullyMessage.Coordinator;
import io.ringrift.agent.consensus.bully.BullyMessage.Outcome;
import io.ringrift.agent.consensus.bully.BullyMessage.StepDown;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Asks the members to promise an epoch to this node because Raft elected it: so Raft's leader and Bully's never act beside each other, and
 * every member knows the epoch. It is asked again until enough have promised or it is withdrawn.
 */
final class RaftClaim {
    /** A round trip and a disk write, with room for a slow member. */
    private static final Duration AGAIN = Duration.ofMillis(300);

    private static final Duration STALE = part(Bully.LEASE, 2);

    private final Situation situation;
    private final Voter voter;
    private final Predicate<Duration> bound;
    private Optional<Claim> claim = Optional.empty();
    private boolean storing;
    private boolean refused;

    /** @param bound whether a leader of Bully's may hold a lease of this node's at that time */
    RaftClaim(Situation situation, Voter voter, Predicate<Duration> bound) {
        this.situation = situation;
        this.voter = voter;
        this.bound = bound;
    }

    boolean isUnderWay() {
        return claim.isPresent();
    }

    /** The epoch that is claimed; 0 for none. */
    long epoch() {
        return claim.map(c -> c.epoch).orElse(0L);
    }

    /** A member promised a higher epoch than the one that is claimed. */
    boolean isRefused() {
        return claim.isPresent() && refused;
    }

    /** Claims an epoch that is above every one known; ends a former claim. */
    void claim(long epoch, Duration now) {
        claim = Optional.of(new Claim(epoch, 0, now));
        storing = false;
        refused = false;
        advance(now);
    }

    /** Does what is due. */
    void advance(Duration now) {
        if (claim.isEmpty() || now.compareTo(claim.get().deadline) < 0) {
            return;
        }
        Claim own = claim.get();
        own.deadline = now.plus(AGAIN);
        if (own.isSent()) {
            renew(own, now);
            situation.sendAll(new Coordinator(own.epoch, 0, Source.RAFT));
        } else if (!storing && !voter.isStoring()) {
            if (own.epoch <= voter.highest()) {
                refused = true;
                return;
            }
            storing = true;
            voter.bind(own.epoch, situation.self);
            voter.store(new Voter.Pending(situation.self, own.epoch, Source.RAFT, 0, 0));
            situation.persist(own.epoch, !bound.test(now));
        }
    }

    /** What was accepted long ago makes no lease any more. An answer may be on its way for as long as a request waits. */
    private void renew(Claim own, Duration now) {
        if (now.minus(own.sentAt).compareTo(STALE) >= 0) {
            own.sentAt = now.minus(Bully.HEARTBEAT);
            own.accepted.clear();
            own.accepted.add(situation.self.nodeId());
        }
    }

    void onOwnPromise(long epoch, boolean durable, Duration now) {
        claim.filter(c -> c.epoch == epoch).ifPresent(own -> {
            storing = false;
            if (!durable) {
                refused = true;
                return;
            }
            own.sentAt = now;
            own.accepted.add(situation.self.nodeId());
            own.deadline = now;
            advance(now);
        });
    }

    void onAnswer(String from, long epoch, Outcome outcome) {
        claim.filter(c -> c.epoch == epoch).ifPresent(own -> {
            if (outcome == Outcome.ACCEPTED) {
                own.accepted.add(from);
            }
            refused |= outcome == Outcome.EPOCH;
        });
    }

    /** A lease that stood in the way has ended: asks again at once. */
    void again(Duration now) {
        claim.ifPresent(own -> {
            own.deadline = now;
            advance(now);
        });
    }

    /**
     * Whether enough members have promised. This node's own promise does not count while a lease that it granted may be running.
     *
     * @param alone its own is enough
     */
    boolean isWon(boolean alone, Duration now) {
        int missing = bound.test(now) ? 1 : 0;
        return claim.filter(Claim::isSent)
                .filter(c -> alone ? missing == 0 : c.accepted(situation.members()) - missing >= situation.quorum())
                .isPresent();
    }

    Optional<Claim> take() {
        Optional<Claim> won = claim;
        claim = Optional.empty();
        return won;
    }

    void withdraw() {
        claim.filter(Claim::isSent).ifPresent(own -> situation.sendAll(new StepDown(own.epoch, Optional.empty())));
        claim = Optional.empty();
    }

    Optional<Duration> deadline() {
        return claim.map(c -> c.deadline);
    }
}
