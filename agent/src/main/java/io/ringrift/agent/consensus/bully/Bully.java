package io.ringrift.agent.consensus.bully;

import io.ringrift.agent.config.AgentConfig.BullyQuorum;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.bully.BullyMessage.Acknowledgement;
import io.ringrift.agent.consensus.bully.BullyMessage.Coordinator;
import io.ringrift.agent.consensus.bully.BullyMessage.Election;
import io.ringrift.agent.consensus.bully.BullyMessage.ElectionAnswer;
import io.ringrift.agent.consensus.bully.BullyMessage.Heartbeat;
import io.ringrift.agent.consensus.bully.BullyMessage.Outcome;
import io.ringrift.agent.consensus.bully.BullyMessage.StepDown;
import io.ringrift.agent.consensus.bully.BullyMessage.Vote;
import io.ringrift.agent.membership.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The Bully election with leases: the living member with the highest priority, then the highest node id, leads; one that leads is
 * never deposed by a better one.
 *
 * <p>A candidate asks everybody (ELECTION). A better node answers OK and takes over; else, with a quorum of GO, it makes its own
 * promise of the next epoch durable and claims (COORDINATOR). Each node promises an epoch to one leader at most, durably, and
 * nobody else while the lease it granted runs; so two leaders never share an epoch, and never act at the same time. The leader's
 * own lease counts from when it sent what a quorum acknowledged, and ends before the followers' does. A run that cannot know what
 * its former run promised (see {@link Evidence}) abstains until no lease can rest on that.
 *
 * <p>Pure: inputs and the time go in, effects come out. Not thread-safe.
 */
public final class Bully {
    /** Epochs stay exact in JSON. */
    public static final long MAX_EPOCH = (1L << 53) - 1;

    /** How long a leader may act after its last acknowledged message: a dead one is replaced after about this long. */
    public static final Duration LEASE = Duration.ofSeconds(10);

    /** By how much a granted lease outlasts the leader's own count: clocks may differ by 10 % in speed. */
    public static final Duration MARGIN = Duration.ofSeconds(1);

    /** Five heartbeats a lease: four may be lost. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private static final Duration ELECTION_WAIT = Duration.ofSeconds(1);
    private static final Duration OK_WAIT = Duration.ofSeconds(3);
    private static final Duration CLAIM_WAIT = Duration.ofSeconds(2);
    /** A tick this late means a pause: what has arrived meanwhile is heard before anybody stands. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Duration IDLE = Duration.ofSeconds(60);

    private final Holder self;
    private final RandomGenerator random;
    private final Voter voter;
    private final Evidence evidence = new Evidence();
    private Electorate electorate;
    private BullyQuorum rule = BullyQuorum.MAJORITY;
    private long priority;
    private long generation;
    private boolean participating = true;
    private boolean abstaining = true;
    private final Duration abstainUntil;

    private Optional<Round> round = Optional.empty();
    private Optional<Claim> claim = Optional.empty();
    private Optional<Leading> leading = Optional.empty();
    private Optional<Followed> followed = Optional.empty();
    private Optional<Holder> lostLeader = Optional.empty();
    private Optional<Duration> standAt = Optional.empty();
    private Optional<Duration> failedAt = Optional.empty();
    /** It waits for a better node's claim. */
    private boolean yielding;

    private long inherited;
    private long rounds;
    private Duration deadline;

    private record Leading(long epoch, LeaderLease lease, Duration nextHeartbeat, Duration nextReclaim) {}

    private record Followed(Holder leader, long epoch, Duration until) {}

    /**
     * @param remembered the highest epoch that a former run made durable; 0 for none
     * @param random jitters the timers
     */
    public Bully(Identity self, long remembered, RandomGenerator random, Duration now) {
        this.self = new Holder(self.nodeId(), self.instanceId());
        this.voter = new Voter(remembered);
        this.random = random;
        this.electorate = new Electorate(Set.of(self.nodeId()), 0, false, Set.of(), Set.of());
        this.abstainUntil = now.plus(LEASE).plus(MARGIN);
        this.deadline = now;
    }

    /** Takes settings; a changed one counts from the next decision on. {@code generation} is 0 where nobody numbers them. */
    public void configure(long newPriority, BullyQuorum newRule, long newGeneration) {
        priority = newPriority;
        rule = newRule;
        generation = newGeneration;
    }

    /** Takes who has a say; a leader that more members now have to support loses its lease at once if they do not. */
    public void electorate(Electorate changed, Duration now) {
        electorate = changed;
        Set<String> known = new HashSet<>(changed.members());
        known.addAll(changed.living());
        evidence.retain(known);
        deadline = now;
    }

    /** Whether this node takes part; one that stops gives up what it leads. */
    public List<BullyEffect> participate(boolean wanted, Duration now) {
        List<BullyEffect> out = new ArrayList<>();
        if (participating && !wanted) {
            resign(Optional.empty(), out);
            followed = Optional.empty();
            standAt = Optional.empty();
        }
        participating = wanted;
        deadline = now;
        return out;
    }

    /** What every message tells of this node's part. */
    public BullyStatus status() {
        return new BullyStatus(
                priority,
                voter.highest(),
                voter.fresh(),
                claim.isPresent(),
                leading.map(Leading::epoch).orElse(0L));
    }

    /** Who leads, as far as this node may say at this moment: a leader whose lease ran out does not name itself. */
    public Leadership leadership(Duration now) {
        if (acts(now)) {
            return leadership(self.nodeId(), leading.get().epoch);
        }
        return followed.filter(f -> now.compareTo(f.until) < 0)
                .map(f -> leadership(f.leader.nodeId(), f.epoch))
                .orElseGet(() -> Leadership.none(voter.highest()));
    }

    /** The end of this node's own lease as leader; empty where it does not lead now. */
    public Optional<Duration> leaseEnd(Duration now) {
        return leading.map(l -> l.lease.end(electorate.members(), electorate.quorum(rule)))
                .filter(end -> now.compareTo(end) < 0);
    }

    /**
     * Takes what a message of any kind tells of its sender.
     *
     * @param addressedToThisRun the sender knew this run, so it tells something later than this run's start
     */
    public List<BullyEffect> heard(
            String nodeId, long instanceId, BullyStatus status, boolean addressedToThisRun, Duration now) {
        List<BullyEffect> out = new ArrayList<>();
        expire(now, out);
        evidence.heard(new Holder(nodeId, instanceId), status, addressedToThisRun);
        if (leading.filter(l -> status.leads() > l.epoch).isPresent()) {
            resign(Optional.empty(), out);
        }
        if (abstaining && evidence.clearance(electorate, self.nodeId()).isPresent()) {
            deadline = now;
        }
        return out;
    }

    /** A run is gone for good: it said goodbye, or another run of its node holds its port. */
    public void gone(String nodeId, long instanceId, Duration now) {
        Holder gone = new Holder(nodeId, instanceId);
        voter.releaseAll(gone);
        if (followed.filter(f -> f.leader.equals(gone)).isPresent()) {
            loseLeader();
            deadline = now;
        }
    }

    /** Takes a request; {@code exchange} is answered at once, or after the promise is durable. */
    public List<BullyEffect> receive(String from, long instanceId, long exchange, BullyMessage request, Duration now) {
        List<BullyEffect> out = new ArrayList<>();
        expire(now, out);
        Holder sender = new Holder(from, instanceId);
        switch (request) {
            case Election election ->
                out.add(new BullyEffect.Reply(exchange, new ElectionAnswer(election.round(), vote(sender, now))));
            case Coordinator claimed -> onCoordinator(sender, exchange, claimed, now, out);
            case Heartbeat heartbeat -> onHeartbeat(sender, exchange, heartbeat, now, out);
            case StepDown stepDown -> onStepDown(sender, stepDown, now);
            case ElectionAnswer answer -> onElectionAnswer(from, answer, now, out);
            case Acknowledgement answer -> onAcknowledgement(from, answer, now, out);
        }
        return out;
    }

    /** The disk's answer to {@link BullyEffect.Persist}. */
    public List<BullyEffect> persisted(long epoch, boolean durable, Duration now) {
        List<BullyEffect> out = new ArrayList<>();
        expire(now, out);
        voter.stored(epoch, durable).ifPresent(promise -> {
            if (promise.holder().equals(self)) {
                onOwnPromise(promise, durable, now, out);
            } else {
                boolean stands = durable && participating && voter.stands(promise);
                if (stands) {
                    voter.grant(epoch, promise.holder(), now);
                }
                Outcome outcome = stands ? Outcome.ACCEPTED : Outcome.ABSTAIN;
                out.add(new BullyEffect.Reply(
                        promise.exchange(), new Acknowledgement(epoch, promise.sequence(), outcome)));
            }
        });
        return out;
    }

    /** Gives up leadership in favour of the best living member, which stands at once. */
    public List<BullyEffect> leave() {
        List<BullyEffect> out = new ArrayList<>();
        Optional<String> successor = electorate.living().stream()
                .filter(electorate.members()::contains)
                .filter(nodeId -> !nodeId.equals(self.nodeId()))
                .max(ranking());
        resign(successor, out);
        participating = false;
        return out;
    }

    /** Does what is due. */
    public List<BullyEffect> tick(Duration now) {
        List<BullyEffect> out = new ArrayList<>();
        boolean paused = now.minus(deadline).compareTo(PAUSE) >= 0;
        expire(now, out);
        endAbstention(now);
        leading.ifPresent(l -> lead(l, now, out));
        claim.filter(c -> now.compareTo(c.deadline) >= 0).ifPresent(c -> claimTimedOut(c, now, out));
        round.filter(r -> now.compareTo(r.deadline) >= 0).ifPresent(r -> conclude(r, now, out));
        if (followed.filter(f -> now.compareTo(f.until) >= 0).isPresent()) {
            loseLeader();
        }
        stand(paused, now, out);
        deadline = computeDeadline(now);
        return out;
    }

    /** When {@link #tick} is wanted next. */
    public Duration nextDeadline() {
        return deadline;
    }

    // ---- voting

    private Vote vote(Holder candidate, Duration now) {
        boolean better = ranking().compare(self.nodeId(), candidate.nodeId()) > 0;
        if (claim.isPresent() && leading.isEmpty()) {
            return better ? Vote.OK : Vote.LEADER;
        }
        if (!participating || abstaining || voter.isStoring()) {
            return Vote.ABSTAIN;
        }
        boolean followsAnother = followed.filter(f -> now.compareTo(f.until) < 0)
                .filter(f -> !f.leader.equals(candidate))
                .isPresent();
        if (acts(now) || followsAnother || voter.leaseOfAnother(candidate, now)) {
            return Vote.LEADER;
        }
        if (better && mayWin(now)) {
            if (!yielding && round.isEmpty()) {
                standAt = Optional.of(now);
                deadline = now;
            }
            return Vote.OK;
        }
        round = Optional.empty();
        yieldToBetter(now);
        return Vote.GO;
    }

    /** Somebody better stands: wait for its claim instead of competing with it. */
    private void yieldToBetter(Duration now) {
        yielding = true;
        standAt = Optional.of(now.plus(OK_WAIT).plus(jitter(ELECTION_WAIT)));
        deadline = now;
    }

    private boolean mayWin(Duration now) {
        return electorate.complete()
                && failedAt.filter(at -> now.compareTo(at.plus(LEASE)) < 0).isEmpty();
    }

    private void onCoordinator(
            Holder claimant, long exchange, Coordinator message, Duration now, List<BullyEffect> out) {
        if (message.released() > 0) {
            voter.releaseLed(message.released());
            followed.filter(f -> f.epoch == message.released()).ifPresent(f -> loseLeader());
        }
        Outcome outcome;
        if (!participating || abstaining) {
            outcome = Outcome.ABSTAIN;
        } else if (acts(now) || claim.isPresent()) {
            outcome = Outcome.LEASE;
        } else {
            outcome = voter.judgeClaim(message.epoch(), claimant, now);
        }
        if (outcome == Outcome.ACCEPTED) {
            round = Optional.empty();
            standAt = Optional.empty();
            promise(claimant, message.epoch(), exchange, 0, now, out);
        } else {
            reply(exchange, message.epoch(), 0, outcome, out);
        }
    }

    private void onHeartbeat(Holder leader, long exchange, Heartbeat message, Duration now, List<BullyEffect> out) {
        Outcome outcome = participating ? judgeHeartbeat(leader, message.epoch(), now) : Outcome.ABSTAIN;
        if (outcome != Outcome.ACCEPTED) {
            reply(exchange, message.epoch(), message.sequence(), outcome, out);
            return;
        }
        resign(Optional.empty(), out);
        follow(leader, message.epoch(), now);
        if (abstaining || voter.isStoring()) {
            voter.bind(message.epoch(), leader);
            reply(exchange, message.epoch(), message.sequence(), Outcome.ABSTAIN, out);
        } else {
            promise(leader, message.epoch(), exchange, message.sequence(), now, out);
        }
    }

    /** Only without a quorum can two leaders share an epoch: then the better one stays. */
    private Outcome judgeHeartbeat(Holder leader, long epoch, Duration now) {
        Optional<Holder> rival = leading.filter(l -> l.epoch == epoch)
                .map(l -> self)
                .or(() -> followed.filter(f -> f.epoch == epoch && now.compareTo(f.until) < 0)
                        .map(Followed::leader));
        if (rival.filter(r -> !r.nodeId().equals(leader.nodeId())).isPresent()) {
            boolean better = ranking().compare(leader.nodeId(), rival.get().nodeId()) > 0;
            return better ? Outcome.ACCEPTED : Outcome.LEASE;
        }
        if (leading.filter(l -> l.epoch > epoch).isPresent()) {
            return Outcome.LEASE;
        }
        return voter.judgeHeartbeat(epoch, leader, now);
    }

    private void promise(Holder to, long epoch, long exchange, long sequence, Duration now, List<BullyEffect> out) {
        voter.bind(epoch, to);
        if (voter.isStored(epoch)) {
            voter.grant(epoch, to, now);
            reply(exchange, epoch, sequence, Outcome.ACCEPTED, out);
        } else {
            voter.store(new Voter.Pending(to, epoch, exchange, sequence));
            out.add(new BullyEffect.Persist(epoch));
        }
    }

    private void onStepDown(Holder sender, StepDown message, Duration now) {
        boolean followedIt = followed.filter(f -> f.leader.equals(sender) && f.epoch == message.epoch())
                .isPresent();
        voter.release(message.epoch(), sender);
        if (followedIt) {
            loseLeader();
        }
        if (message.successor().filter(self.nodeId()::equals).isPresent()) {
            inherited = message.epoch();
            standAt = Optional.of(now);
        } else if (followedIt && message.successor().isPresent()) {
            standAt = Optional.of(now.plus(ELECTION_WAIT).plus(jitter(ELECTION_WAIT)));
        }
        deadline = now;
    }

    // ---- standing

    private void stand(boolean paused, Duration now, List<BullyEffect> out) {
        if (!mayStand(now)) {
            if (leading.isPresent() || followed.isPresent()) {
                standAt = Optional.empty();
                inherited = 0;
            }
            return;
        }
        if (standAt.isEmpty()) {
            standAt = Optional.of(now.plus(delay()));
        } else if (paused) {
            Duration chance = now.plus(HEARTBEAT).plus(jitter(ELECTION_WAIT));
            standAt = standAt.filter(at -> at.compareTo(chance) > 0).or(() -> Optional.of(chance));
        }
        if (now.compareTo(standAt.get()) < 0) {
            return;
        }
        standAt = Optional.empty();
        yielding = false;
        if (inherited > 0) {
            claim(inherited, now, out);
            inherited = 0;
        } else {
            ask(now, out);
        }
    }

    private boolean mayStand(Duration now) {
        return participating
                && !abstaining
                && electorate.complete()
                && leading.isEmpty()
                && claim.isEmpty()
                && round.isEmpty()
                && followed.isEmpty()
                && !voter.isStoring()
                && !voter.leaseOfAnother(self, now)
                && voter.highest() < MAX_EPOCH - electorate.size() - 1;
    }

    /** The best living member stands first, so that the others need not stand at all. */
    private Duration delay() {
        return betterOnes().isEmpty() ? jitter(Duration.ofMillis(200)) : ELECTION_WAIT.plus(jitter(ELECTION_WAIT));
    }

    private void ask(Duration now, List<BullyEffect> out) {
        Round asked = new Round(++rounds, now.plus(ELECTION_WAIT), betterOnes());
        asked.go.add(self.nodeId());
        round = Optional.of(asked);
        send(new Election(asked.number), out);
        concludeEarly(asked, now, out);
    }

    private void onElectionAnswer(String from, ElectionAnswer answer, Duration now, List<BullyEffect> out) {
        if (round.filter(r -> r.number == answer.round()).isEmpty()) {
            return;
        }
        Round asked = round.get();
        switch (answer.vote()) {
            case OK -> {
                round = Optional.empty();
                yieldToBetter(now);
                return;
            }
            case GO -> asked.go.add(from);
            case LEADER -> asked.leaderKnown = true;
            case ABSTAIN -> {}
        }
        asked.awaited.remove(from);
        concludeEarly(asked, now, out);
    }

    private void concludeEarly(Round asked, Duration now, List<BullyEffect> out) {
        boolean everybodyHeard = rule == BullyQuorum.MAJORITY
                || asked.go.size() > electorate.recipients(self.nodeId()).size();
        if (asked.awaited.isEmpty() && everybodyHeard && wins(asked)) {
            conclude(asked, now, out);
        }
    }

    private void conclude(Round asked, Duration now, List<BullyEffect> out) {
        round = Optional.empty();
        if (wins(asked)) {
            claim(0, now, out);
        } else {
            retryLater(now);
        }
    }

    /** Without a quorum nothing but the word of those who follow a leader keeps a node from leading beside it. */
    private boolean wins(Round asked) {
        boolean heeded = rule == BullyQuorum.MAJORITY || !asked.leaderKnown;
        return heeded && asked.go(electorate.members()) >= electorate.quorum(rule);
    }

    private void retryLater(Duration now) {
        failedAt = Optional.of(now);
        standAt = Optional.of(now.plus(HEARTBEAT).plus(jitter(HEARTBEAT)));
    }

    private void claim(long released, Duration now, List<BullyEffect> out) {
        Claim next = new Claim(nextEpoch(), released, now.plus(CLAIM_WAIT));
        claim = Optional.of(next);
        voter.bind(next.epoch, self);
        voter.store(new Voter.Pending(self, next.epoch, 0, 0));
        out.add(new BullyEffect.Persist(next.epoch));
        deadline = now;
    }

    /** The next epoch; without a quorum one that no other member would choose. */
    private long nextEpoch() {
        long next =
                Math.max(voter.highest(), Math.min(evidence.highestEpoch(), MAX_EPOCH - 2L * electorate.size())) + 1;
        if (rule == BullyQuorum.NONE) {
            long distance = Math.floorMod(electorate.rank(self.nodeId()) - next, (long) electorate.size());
            next += distance;
        }
        return next;
    }

    private void onOwnPromise(Voter.Pending promise, boolean durable, Duration now, List<BullyEffect> out) {
        if (claim.filter(c -> c.epoch == promise.epoch()).isEmpty()) {
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
        own.accepted.add(self.nodeId());
        send(new Coordinator(own.epoch, own.released), out);
        deadline = now;
        leadIfWon(own, now, out);
    }

    private void onAcknowledgement(String from, Acknowledgement answer, Duration now, List<BullyEffect> out) {
        if (leading.filter(l -> l.epoch == answer.epoch()).isPresent()) {
            onLeaderAcknowledged(from, answer, now, out);
        } else if (claim.filter(c -> c.epoch == answer.epoch() && answer.sequence() == 0)
                .isPresent()) {
            onClaimAcknowledged(claim.get(), from, answer.outcome(), now, out);
        }
    }

    private void onClaimAcknowledged(Claim own, String from, Outcome outcome, Duration now, List<BullyEffect> out) {
        if (outcome == Outcome.ACCEPTED) {
            own.accepted.add(from);
            leadIfWon(own, now, out);
            return;
        }
        own.refused.add(from);
        own.epochRefused |= outcome == Outcome.EPOCH;
        if (leading.isEmpty() && own.hopeless(electorate, electorate.quorum(rule))) {
            giveUp(own, now, out);
        }
    }

    private void claimTimedOut(Claim own, Duration now, List<BullyEffect> out) {
        if (leading.isEmpty()) {
            giveUp(own, now, out);
        } else if (own.isSent()) {
            own.deadline = now.plus(CLAIM_WAIT);
            send(new Coordinator(own.epoch, own.released), out);
        }
    }

    private void giveUp(Claim own, Duration now, List<BullyEffect> out) {
        claim = Optional.empty();
        if (own.isSent()) {
            send(new StepDown(own.epoch, Optional.empty()), out);
        }
        retryLater(now);
        if (own.epochRefused) {
            failedAt = Optional.empty();
            standAt = Optional.of(now.plus(jitter(Duration.ofMillis(300))));
        }
        deadline = now;
    }

    // ---- leading

    private void leadIfWon(Claim own, Duration now, List<BullyEffect> out) {
        boolean inTime = own.isSent() && now.compareTo(own.sentAt.plus(LEASE)) < 0;
        if (!inTime || own.accepted(electorate.members()) < electorate.quorum(rule)) {
            return;
        }
        claim = Optional.empty();
        followed = Optional.empty();
        lostLeader = Optional.empty();
        failedAt = Optional.empty();
        LeaderLease lease = new LeaderLease(self.nodeId(), own.sentAt, own.accepted);
        leading = Optional.of(new Leading(own.epoch, lease, now, now));
        deadline = now;
        lead(leading.get(), now, out);
    }

    private void lead(Leading leader, Duration now, List<BullyEffect> out) {
        if (now.compareTo(leader.nextHeartbeat) >= 0) {
            long sequence = leader.lease.nextRound(now);
            send(new Heartbeat(leader.epoch, sequence), out);
            leading = Optional.of(new Leading(leader.epoch, leader.lease, now.plus(HEARTBEAT), leader.nextReclaim));
        }
    }

    private void onLeaderAcknowledged(String from, Acknowledgement answer, Duration now, List<BullyEffect> out) {
        Leading leader = leading.get();
        switch (answer.outcome()) {
            case ACCEPTED -> leader.lease.acknowledged(from, answer.sequence());
            case ABSTAIN -> {}
            case EPOCH, LEASE -> {
                if (rule == BullyQuorum.NONE && answer.outcome() == Outcome.LEASE) {
                    resign(Optional.empty(), out);
                    retryLater(now);
                } else if (claim.isEmpty() && !voter.isStoring() && now.compareTo(leader.nextReclaim) >= 0) {
                    // It promised a higher epoch that came to nothing: go on under a higher one still, or it never
                    // follows.
                    leading =
                            Optional.of(new Leading(leader.epoch, leader.lease, leader.nextHeartbeat, now.plus(LEASE)));
                    claim(0, now, out);
                }
            }
        }
    }

    /** Whether this node leads and its lease runs. */
    private boolean acts(Duration now) {
        return leaseEnd(now).isPresent();
    }

    private void resign(Optional<String> successor, List<BullyEffect> out) {
        leading.ifPresent(l -> send(new StepDown(l.epoch, successor), out));
        claim.filter(Claim::isSent).ifPresent(c -> send(new StepDown(c.epoch, Optional.empty()), out));
        leading = Optional.empty();
        claim = Optional.empty();
    }

    // ---- following

    private void follow(Holder leader, long epoch, Duration now) {
        followed = Optional.of(new Followed(leader, epoch, now.plus(LEASE).plus(MARGIN)));
        lostLeader = Optional.empty();
        round = Optional.empty();
        standAt = Optional.empty();
        failedAt = Optional.empty();
        inherited = 0;
    }

    private void loseLeader() {
        lostLeader = followed.map(Followed::leader);
        followed = Optional.empty();
    }

    private void endAbstention(Duration now) {
        if (!abstaining) {
            return;
        }
        Optional<Evidence.Clearance> clearance = evidence.clearance(electorate, self.nodeId());
        if (clearance.isEmpty() && now.compareTo(abstainUntil) < 0) {
            return;
        }
        abstaining = false;
        clearance.ifPresent(clear -> clear.leader().ifPresent(leader -> voter.grant(clear.epoch(), leader, now)));
        if (voter.fresh()) {
            voter.raise(evidence.baseline(electorate, self.nodeId(), generation));
        }
    }

    /** A lease that ran out is never revived by an answer that comes late: others may have been promised this node's vote since. */
    private void expire(Duration now, List<BullyEffect> out) {
        if (leading.isPresent() && !acts(now)) {
            resign(Optional.empty(), out);
            retryLater(now);
        }
    }

    // ---- helpers

    private Set<String> betterOnes() {
        return electorate.living().stream()
                .filter(electorate.members()::contains)
                .filter(nodeId ->
                        lostLeader.filter(lost -> lost.nodeId().equals(nodeId)).isEmpty())
                .filter(nodeId -> ranking().compare(nodeId, self.nodeId()) > 0)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Comparator<String> ranking() {
        return Comparator.<String>comparingLong(
                        nodeId -> nodeId.equals(self.nodeId()) ? priority : evidence.priority(nodeId))
                .thenComparing(Comparator.naturalOrder());
    }

    private void send(BullyMessage message, List<BullyEffect> out) {
        electorate.recipients(self.nodeId()).forEach(nodeId -> out.add(new BullyEffect.Send(nodeId, message)));
    }

    private static void reply(long exchange, long epoch, long sequence, Outcome outcome, List<BullyEffect> out) {
        out.add(new BullyEffect.Reply(exchange, new Acknowledgement(epoch, sequence, outcome)));
    }

    private static Leadership leadership(String leader, long epoch) {
        return new Leadership(Optional.of(leader), epoch, Optional.of(Leadership.Source.BULLY));
    }

    private Duration jitter(Duration most) {
        return Duration.ofNanos(random.nextLong(most.toNanos()));
    }

    private Duration computeDeadline(Duration now) {
        Duration next = now.plus(IDLE);
        if (abstaining) {
            next = earlier(next, abstainUntil);
        }
        if (leading.isPresent()) {
            next = earlier(next, leading.get().nextHeartbeat);
            next = earlier(next, leaseEnd(now).orElse(now));
        }
        next = earlier(next, claim.map(c -> c.deadline).orElse(next));
        next = earlier(next, round.map(r -> r.deadline).orElse(next));
        next = earlier(next, followed.map(Followed::until).orElse(next));
        next = earlier(next, standAt.filter(at -> at.compareTo(now) > 0).orElse(next));
        next = earlier(
                next, voter.leaseEnd(self).filter(end -> end.compareTo(now) > 0).orElse(next));
        return next;
    }

    private static Duration earlier(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
