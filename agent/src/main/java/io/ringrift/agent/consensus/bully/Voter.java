package io.ringrift.agent.consensus.bully;

import io.ringrift.agent.consensus.Leadership.Source;
import io.ringrift.agent.consensus.bully.BullyMessage.Outcome;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What this node has promised to whom. At most one leader an epoch, never a lower epoch than before, and nobody else while a
 * lease that it granted still runs.
 */
final class Voter {
    /** A message that was overtaken by its sender's goodbye is younger than this many elections. */
    private static final int RELEASED_REMEMBERED = 16;

    /** Nothing below this is promised or accepted any more. */
    private long highest;
    /** What is durable of it. */
    private long stored;
    /** Whom the highest epoch was promised to, as far as this process knows. */
    private Optional<Holder> holder = Optional.empty();

    private Optional<Grant> grant = Optional.empty();
    private Optional<Pending> pending = Optional.empty();
    private final Set<Release> released = new LinkedHashSet<>();

    /** What its holder gave up itself; another holder of the same epoch is not concerned. */
    private record Release(long epoch, Holder holder) {}

    private record Grant(Holder holder, long epoch, Source source, Duration until) {}

    /** A promise that waits for the disk. */
    record Pending(Holder holder, long epoch, Source source, long exchange, long sequence) {}

    Voter(long remembered) {
        highest = remembered;
        stored = remembered;
    }

    long highest() {
        return highest;
    }

    boolean fresh() {
        return stored == 0;
    }

    /** Takes care never to promise at or below {@code epoch}, without having promised it. */
    void raise(long epoch) {
        if (epoch > highest) {
            highest = epoch;
            holder = Optional.empty();
        }
    }

    /** Judges a claim. */
    Outcome judgeClaim(long epoch, Holder claimant, Source source, Duration now) {
        if (pending.isPresent() || released.contains(new Release(epoch, claimant))) {
            return Outcome.ABSTAIN;
        }
        if (leaseOfAnother(claimant, source, now)) {
            return Outcome.LEASE;
        }
        boolean promisedToHim = epoch == highest && holder.equals(Optional.of(claimant));
        return epoch > highest || promisedToHim ? Outcome.ACCEPTED : Outcome.EPOCH;
    }

    /**
     * Judges the heartbeat of an established leader: a quorum promised its epoch, so a lower epoch's lease is void. Raft's leader may need no
     * promises of members, so its heartbeat voids no lease of Bully's.
     */
    Outcome judgeHeartbeat(long epoch, Holder leader, Source source, Duration now) {
        if (released.contains(new Release(epoch, leader))) {
            return Outcome.ABSTAIN;
        }
        if (source == Source.RAFT && leaseOfAnother(leader, source, now)) {
            return Outcome.LEASE;
        }
        boolean sameEpoch =
                epoch == highest && holder.filter(h -> !h.equals(leader)).isEmpty();
        if (epoch > highest || sameEpoch) {
            return Outcome.ACCEPTED;
        }
        return leaseOfAnother(leader, source, now) ? Outcome.LEASE : Outcome.EPOCH;
    }

    /** Binds the epoch to its holder; nothing else is promised under it from now on, durable or not. */
    void bind(long epoch, Holder to) {
        highest = epoch;
        holder = Optional.of(to);
    }

    boolean isStored(long epoch) {
        return stored >= epoch;
    }

    boolean isStoring() {
        return pending.isPresent();
    }

    void store(Pending promise) {
        pending = Optional.of(promise);
    }

    /** The disk's answer; empty where it was not waited for. */
    Optional<Pending> stored(long epoch, boolean durable) {
        if (pending.filter(promise -> promise.epoch == epoch).isEmpty()) {
            return Optional.empty();
        }
        Optional<Pending> promise = pending;
        pending = Optional.empty();
        if (durable) {
            stored = Math.max(stored, epoch);
        }
        return promise;
    }

    void grant(long epoch, Holder to, Source source, Duration now) {
        grant = Optional.of(new Grant(to, epoch, source, now.plus(Bully.LEASE).plus(Bully.MARGIN)));
    }

    /** Whether the promise still stands: no higher epoch was accepted, and it was not given back. */
    boolean stands(Pending promise) {
        return promise.epoch == highest
                && !released.contains(new Release(promise.epoch, promise.holder))
                && holder.equals(Optional.of(promise.holder));
    }

    /** {@code holder} gave this epoch up: it neither claims nor leads under it any more. */
    void release(long epoch, Holder by) {
        released.add(new Release(epoch, by));
        if (released.size() > RELEASED_REMEMBERED) {
            released.remove(released.iterator().next());
        }
        grant = grant.filter(g -> g.epoch != epoch || !g.holder.equals(by));
    }

    /** The leader of this epoch, whoever it was, gave it up. */
    void releaseLed(long epoch) {
        grant.filter(g -> g.epoch == epoch).ifPresent(g -> release(epoch, g.holder));
    }

    /** The run that holds the grant is gone for good. */
    void releaseAll(Holder gone) {
        grant = grant.filter(g -> !g.holder.equals(gone));
    }

    boolean leaseOfAnother(Holder candidate, Duration now) {
        return leaseOfAnother(candidate, Source.BULLY, now);
    }

    /** Raft lets its leaders act one after the other by itself: a new one need not wait for what was granted to the one before. */
    boolean leaseOfAnother(Holder candidate, Source source, Duration now) {
        return grant.filter(g -> !g.holder.equals(candidate))
                .filter(g -> source == Source.BULLY || g.source == Source.BULLY)
                .filter(g -> now.compareTo(g.until) < 0)
                .isPresent();
    }

    /** When the lease that it granted to somebody else ends; empty where none runs. */
    Optional<Duration> leaseEnd(Holder self, Duration now) {
        return grant.filter(g -> leaseOfAnother(self, now)).map(Grant::until);
    }
}
