package io.ringrift.agent.consensus.bully;

import io.ringrift.agent.consensus.Leadership.Source;
import io.ringrift.agent.consensus.bully.BullyMessage.Coordinator;
import io.ringrift.agent.consensus.bully.BullyMessage.Election;
import io.ringrift.agent.consensus.bully.BullyMessage.ElectionAnswer;
import io.ringrift.agent.consensus.bully.BullyMessage.Outcome;
import io.ringrift.agent.consensus.bully.BullyMessage.StepDown;
import java.time.Duration;
import java.util.Optional;

/** When this node stands, and how far it has come: it asks everybody (a round), then claims an epoch. */
final class Candidacy {
    private static final Duration ELECTION_WAIT = Duration.ofSeconds(1);
    private static final Duration OK_WAIT = Duration.ofSeconds(3);
    private static final Duration CLAIM_WAIT = Duration.ofSeconds(2);
    /** The best living member stands within this time, so that the others need not stand at all. */
    private static final Duration FIRST = Duration.ofMillis(200);

    private final Situation situation;
    private final Voter voter;
    private Optional<Round> round = Optional.empty();
    private Optional<Claim> claim = Optional.empty();
    private Optional<Duration> standAt = Optional.empty();
    private Optional<Duration> failedAt = Optional.empty();
    /** It waits for a better node's claim. */
    private boolean yielding;
    /** The epoch that its leader gave up in this node's favour; 0 for none. */
    private long inherited;

    private long rounds;

    Candidacy(Situation situation, Voter voter) {
        this.situation = situation;
        this.voter = voter;
    }

    boolean isClaiming() {
        return claim.isPresent();
    }

    boolean isUnderWay() {
        return claim.isPresent() || round.isPresent();
    }

    /** A node whose last attempt failed says GO to others for a while, so that one that can win does. */
    boolean mayWin(Duration now) {
        return situation.electorate().complete()
                && failedAt.filter(at -> now.compareTo(at.plus(Bully.LEASE)) < 0)
                        .isEmpty();
    }

    // ---- when

    /** Somebody better stands: wait for its claim instead of competing with it. */
    void yieldToBetter(Duration now) {
        round = Optional.empty();
        yielding = true;
        standAt = Optional.of(now.plus(OK_WAIT).plus(situation.jitter(ELECTION_WAIT)));
    }

    /** A lesser one asked: stand at once, unless something is under way already. */
    void standBefore(Duration now) {
        if (!yielding && round.isEmpty()) {
            standAt = Optional.of(now);
        }
    }

    /** The leader gave its epoch up for this node. */
    void succeed(long epoch, Duration now) {
        inherited = epoch;
        standAt = Optional.of(now);
    }

    /** The leader gave its epoch up for another node: leave it the time to claim. */
    void letSucceed(Duration now) {
        standAt = Optional.of(now.plus(ELECTION_WAIT).plus(situation.jitter(ELECTION_WAIT)));
    }

    /** What waits in the sockets after a pause is heard before anybody stands. */
    void notBefore(Duration chance) {
        standAt = standAt.filter(at -> at.compareTo(chance) > 0).or(() -> Optional.of(chance));
    }

    void retryLater(Duration now) {
        failedAt = Optional.of(now);
        standAt = Optional.of(now.plus(Bully.HEARTBEAT).plus(situation.jitter(Bully.HEARTBEAT)));
    }

    /** Another was promised this node's vote. */
    void pause() {
        round = Optional.empty();
        standAt = Optional.empty();
    }

    /** There is a leader. */
    void calm() {
        pause();
        failedAt = Optional.empty();
        yielding = false;
        inherited = 0;
    }

    // ---- asking

    /** Stands if it is time; call only while it may. */
    void stand(Optional<Holder> lost, Duration now) {
        if (standAt.isEmpty()) {
            boolean first = situation.betterOnes(lost).isEmpty();
            Duration delay = first ? situation.jitter(FIRST) : ELECTION_WAIT.plus(situation.jitter(ELECTION_WAIT));
            standAt = Optional.of(now.plus(delay));
        }
        if (now.compareTo(standAt.get()) < 0) {
            return;
        }
        standAt = Optional.empty();
        yielding = false;
        if (inherited > 0) {
            claim(inherited, now);
            inherited = 0;
        } else {
            ask(lost, now);
        }
    }

    private void ask(Optional<Holder> lost, Duration now) {
        Round asked = new Round(++rounds, now.plus(ELECTION_WAIT), situation.betterOnes(lost));
        asked.go.add(situation.self.nodeId());
        round = Optional.of(asked);
        situation.sendAll(new Election(asked.number));
        concludeEarly(asked, now);
    }

    void onElectionAnswer(String from, ElectionAnswer answer, Duration now) {
        if (round.filter(r -> r.number == answer.round()).isEmpty()) {
            return;
        }
        Round asked = round.get();
        asked.awaited.remove(from);
        asked.answered.add(from);
        switch (answer.vote()) {
            case OK -> yieldToBetter(now);
            case GO -> {
                asked.go.add(from);
                concludeEarly(asked, now);
            }
            case LEADER -> {
                asked.leaderKnown = true;
                concludeEarly(asked, now);
            }
            case ABSTAIN -> concludeEarly(asked, now);
        }
    }

    /** Wins before the time is up once every better node has answered; without a quorum once everybody said GO. */
    private void concludeEarly(Round asked, Duration now) {
        int others = situation.electorate().recipients(situation.self.nodeId()).size();
        boolean heardEnough = situation.needsMajority() || asked.go.size() > others;
        if (asked.awaited.isEmpty() && heardEnough && wins(asked)) {
            conclude(asked, now);
        }
    }

    private void conclude(Round asked, Duration now) {
        round = Optional.empty();
        if (wins(asked)) {
            claim(0, now);
        } else if (asked.answered(situation.members()) >= situation.quorum()) {
            // A quorum is there but not free yet: another's lease still runs, or it has only just started.
            standAt = Optional.of(now.plus(situation.jitter(ELECTION_WAIT)));
        } else {
            retryLater(now);
        }
    }

    /** Without a quorum nothing but the word of those who follow a leader keeps a node from leading beside it. */
    private boolean wins(Round asked) {
        boolean heeded = situation.needsMajority() || !asked.leaderKnown;
        return heeded && asked.go(situation.members()) >= situation.quorum();
    }

    // ---- claiming

    /** Begins with this node's own promise. */
    void claim(long released, Duration now) {
        Claim next = new Claim(situation.nextEpoch(voter.highest()), released, now.plus(CLAIM_WAIT));
        claim = Optional.of(next);
        voter.bind(next.epoch, situation.self);
        voter.store(new Voter.Pending(situation.self, next.epoch, Source.BULLY, 0, 0));
        situation.persist(next.epoch, false);
    }

    /** The disk took this node's own promise, or did not: now the others are asked for theirs. */
    void onOwnPromise(long epoch, boolean durable, Duration now) {
        if (claim.filter(c -> c.epoch == epoch).isEmpty()) {
            return;
        }
        Claim own = claim.get();
        if (!durable) {
            claim = Optional.empty();
            retryLater(now);
            return;
        }
        own.sentAt = now;
        own.deadline = now.plus(CLAIM_WAIT);
        own.accepted.add(situation.self.nodeId());
        situation.sendAll(new Coordinator(own.epoch, own.released, Source.BULLY));
    }

    /**
     * Takes an answer to a claim.
     *
     * @param leading this node leads already, under a lower epoch: it does not give up while its lease runs
     */
    void onAnswer(String from, long epoch, Outcome outcome, boolean leading, Duration now) {
        if (claim.filter(c -> c.epoch == epoch).isEmpty()) {
            return;
        }
        Claim own = claim.get();
        if (outcome == Outcome.ACCEPTED) {
            own.accepted.add(from);
            return;
        }
        own.refused.add(from);
        own.epochRefused |= outcome == Outcome.EPOCH;
        if (!leading && own.hopeless(situation.electorate(), situation.quorum())) {
            giveUp(own, now);
        }
    }

    /** The claim that a quorum accepted in time; at most once. */
    Optional<Claim> takeWon(Duration now) {
        Optional<Claim> won = claim.filter(Claim::isSent)
                .filter(c -> now.compareTo(c.sentAt.plus(Bully.LEASE)) < 0)
                .filter(c -> c.accepted(situation.members()) >= situation.quorum());
        won.ifPresent(c -> claim = Optional.empty());
        return won;
    }

    /** Ends a claim in which this node has lost interest, and says so to those who may have promised. */
    void withdraw() {
        claim.filter(Claim::isSent).ifPresent(c -> situation.sendAll(new StepDown(c.epoch, Optional.empty())));
        claim = Optional.empty();
    }

    /** Ends what has taken too long. */
    void expire(boolean leading, Duration now) {
        round.filter(r -> now.compareTo(r.deadline) >= 0).ifPresent(r -> conclude(r, now));
        claim.filter(c -> now.compareTo(c.deadline) >= 0).ifPresent(c -> {
            if (!leading) {
                giveUp(c, now);
            } else if (c.isSent()) {
                c.deadline = now.plus(CLAIM_WAIT);
                situation.sendAll(new Coordinator(c.epoch, c.released, Source.BULLY));
            }
        });
    }

    private void giveUp(Claim own, Duration now) {
        withdraw();
        retryLater(now);
        if (own.epochRefused) {
            // Nothing stands in the way but the number.
            failedAt = Optional.empty();
            standAt = Optional.of(now.plus(situation.jitter(FIRST)));
        }
    }

    Optional<Duration> deadline() {
        return claim.map(c -> c.deadline).or(() -> round.map(r -> r.deadline));
    }

    /** When it wants to stand; empty: as soon as it may. */
    Optional<Duration> standAt() {
        return standAt;
    }
}
