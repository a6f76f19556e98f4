package io.ringrift.agent.consensus.bully;

import io.ringrift.agent.config.AgentConfig.BullyQuorum;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.Leadership.Source;
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
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

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
    /** How long a leader may act after its last acknowledged message: a dead one is replaced after about this long. */
    public static final Duration LEASE = Duration.ofSeconds(10);

    /** By how much a granted lease outlasts the leader's own count: clocks may differ by 10 % in speed. */
    public static final Duration MARGIN = Duration.ofSeconds(1);

    /** Five heartbeats a lease: four may be lost. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(2);

    /** A tick this late means a pause: what has arrived meanwhile is heard before this node stands. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Duration IDLE = Duration.ofSeconds(60);

    private final Situation situation;
    private final Voter voter;
    private final Follower follower = new Follower();
    private final Leader leader;
    private final Candidacy candidacy;
    private final RaftClaim raftClaim;
    private final Abstention abstention;

    private Conduct conduct = Conduct.BULLY;
    private boolean raftOvertaken;
    private boolean participating = true;
    private boolean retired;
    private Duration deadline;

    /**
     * @param remembered what a former run made durable
     * @param random jitters the timers
     */
    public Bully(Identity self, Remembered remembered, RandomGenerator random, Duration now) {
        situation = new Situation(new Holder(self.nodeId(), self.instanceId()), random);
        voter = new Voter(remembered.epoch());
        abstention = new Abstention(situation, voter, remembered, now);
        leader = new Leader(situation);
        candidacy = new Candidacy(situation, voter);
        raftClaim = new RaftClaim(situation, voter, abstention::isBound);
        deadline = now;
    }

    /** Takes settings; a changed one counts from the next decision on. {@code generation} is 0 where nobody numbers them. */
    public void configure(long priority, BullyQuorum rule, long generation) {
        situation.configure(priority, rule, generation);
    }

    /** Takes who has a say; a leader that more members now have to support loses its lease at once if they do not. */
    public void electorate(Electorate changed, Duration now) {
        situation.electorate(changed);
        deadline = now;
    }

    /** Whether this node takes part; one that stops gives up what it leads. */
    public List<BullyEffect> participate(boolean wanted, Duration now) {
        if (participating && !wanted) {
            resign(Optional.empty());
            follower.clear();
            candidacy.calm();
        }
        participating = wanted;
        return settled(now);
    }

    /** How this node takes part, by its consensus mode; what Bully won under a mode that has no use for it is given up. */
    public List<BullyEffect> conduct(Conduct wanted, Duration now) {
        conduct = wanted;
        if (!wanted.promises() && (leader.leads(Source.BULLY) || candidacy.isUnderWay())) {
            resign(Optional.empty());
            candidacy.calm();
        }
        return settled(now);
    }

    // ---- a leader that Raft elected

    /** Whether these members, by node id, would be enough to elect a leader without all others. */
    public boolean couldElect(Predicate<String> some) {
        return situation.couldElect(some);
    }

    /** Whether that is another member, which lives and has not {@link #retire retired}. */
    public boolean couldTakeOver(String nodeId) {
        return situation.couldTakeOver(nodeId);
    }

    /** The highest epoch that this node knows of. */
    public long highestKnown() {
        return Math.max(voter.highest(), situation.evidence.highestEpoch());
    }

    /** What a node without memory must stay above. */
    public long floor() {
        return situation.floor();
    }

    /** Raft elected this node: asks the members to promise it {@code epoch}, which is above every one known. */
    public List<BullyEffect> claimForRaft(long epoch, Duration now) {
        if (leader.leads(Source.BULLY)) {
            resign(Optional.empty());
        }
        candidacy.withdraw();
        candidacy.calm();
        raftOvertaken = false;
        raftClaim.claim(epoch, now);
        return settled(now);
    }

    /** Whether the members are being asked. */
    public boolean raftClaimUnderWay() {
        return raftClaim.isUnderWay();
    }

    /** Whether this node remembers no promise. */
    public boolean fresh() {
        return voter.fresh();
    }

    /** Whether the claimed epoch cannot be had, because somebody knows a higher one. */
    public boolean raftClaimRefused() {
        return raftClaim.isRefused();
    }

    /** Whether a member cannot follow the leader that Raft elected, because it promised a higher epoch to somebody once. */
    public boolean raftOvertaken() {
        return raftOvertaken && leader.leads(Source.RAFT);
    }

    /**
     * Leads under the epoch that was claimed for Raft, if enough members have promised it.
     *
     * @param noneElects no member takes part in Bully's elections, so this node's own promise is enough once nobody can hold a lease from before it
     *     started
     */
    public List<BullyEffect> leadForRaft(boolean noneElects, Duration now) {
        boolean alone = noneElects && !abstention.holds();
        leader.alone(alone);
        if (raftClaim.isWon(alone, now)) {
            raftClaim.take().ifPresent(won -> {
                follower.clear();
                candidacy.calm();
                leader.resign(Optional.empty());
                leader.begin(won, Source.RAFT, now);
            });
        }
        return settled(now);
    }

    /** The epoch under which this node leads because Raft elected it; 0 while it does not. */
    public long raftLeads() {
        return leader.leads(Source.RAFT) ? leader.epoch() : 0;
    }

    /** Raft does not take this node for its leader any more. */
    public List<BullyEffect> endRaft(Duration now) {
        raftClaim.withdraw();
        if (leader.leads(Source.RAFT)) {
            leader.resign(Optional.empty());
        }
        return settled(now);
    }

    /** What every message tells of this node's part. */
    public BullyStatus status() {
        return new BullyStatus(
                situation.priority(),
                voter.highest(),
                voter.fresh(),
                candidacy.isClaiming() || raftClaim.isUnderWay(),
                leader.epoch(),
                leader.source(),
                retired);
    }

    /** Who leads, as far as this node may say at this moment: a leader whose lease ran out does not name itself. */
    public Leadership leadership(Duration now) {
        if (leader.acts(now)) {
            return leadership(situation.self, leader.epoch(), leader.source());
        }
        return follower.current(now)
                .map(followed -> leadership(followed.leader(), followed.epoch(), followed.source()))
                .orElseGet(() -> Leadership.none(voter.highest()));
    }

    /** Why nobody leads, in a sentence; asked only while {@link #leadership} names nobody. */
    public String leaderless(Duration now) {
        if (!participating) {
            return "This agent takes no part in elections.";
        }
        Optional<String> lacking = situation.lacking();
        if (lacking.isPresent()) {
            return lacking.get();
        }
        if (abstention.holds()) {
            return abstention.words();
        }
        return voter.leaseOfAnother(situation.self, now)
                ? "The lease of a leader that fell silent has yet to run out."
                : "An election is under way.";
    }

    /** The end of this node's own lease as leader; empty where it does not lead now. */
    public Optional<Duration> leaseEnd(Duration now) {
        return leader.leaseEnd(now);
    }

    /**
     * Takes what a message of any kind tells of its sender.
     *
     * @param addressedToThisRun the sender knew this run, so it tells something later than this run's start
     */
    public List<BullyEffect> heard(
            String nodeId, long instanceId, BullyStatus status, boolean addressedToThisRun, Duration now) {
        expire(now);
        boolean first = situation.evidence.heard(new Holder(nodeId, instanceId), status, addressedToThisRun);
        if (first && !status.fresh()) {
            abstention.heardMemory();
        }
        abstention.endIfDue(now);
        if (leader.leads() && status.leads() > leader.epoch()) {
            resign(Optional.empty());
        }
        return settled(now);
    }

    /** A run is gone for good: it said goodbye, or another run of its node holds its port. */
    public void gone(String nodeId, long instanceId, Duration now) {
        Holder gone = new Holder(nodeId, instanceId);
        voter.releaseAll(gone);
        follower.loseIf(gone);
        deadline = now;
    }

    /** Takes a request, which is answered at once or after the promise is durable, or an answer ({@code exchange} 0). */
    public List<BullyEffect> receive(String from, long instanceId, long exchange, BullyMessage message, Duration now) {
        expire(now);
        Holder sender = new Holder(from, instanceId);
        switch (message) {
            case Election(long round) -> situation.reply(exchange, new ElectionAnswer(round, vote(sender, now)));
            case Coordinator claim -> onCoordinator(sender, exchange, claim, now);
            case Heartbeat heartbeat -> onHeartbeat(sender, exchange, heartbeat, now);
            case StepDown stepDown -> onStepDown(sender, stepDown, now);
            case ElectionAnswer answer -> candidacy.onElectionAnswer(from, answer, now);
            case Acknowledgement answer -> onAcknowledgement(from, answer, now);
        }
        return settled(now);
    }

    /** The disk's answer to {@link BullyEffect.Persist}. */
    public List<BullyEffect> persisted(long epoch, boolean durable, Duration now) {
        expire(now);
        voter.stored(epoch, durable).ifPresent(promise -> {
            if (promise.holder().equals(situation.self)) {
                raftClaim.onOwnPromise(epoch, durable, now);
                candidacy.onOwnPromise(epoch, durable, now);
                leadIfWon(now);
            } else if (promise.exchange() > 0) {
                boolean stands = durable && participating && voter.stands(promise);
                if (stands) {
                    voter.grant(epoch, promise.holder(), promise.source(), now);
                }
                Outcome outcome = stands ? Outcome.ACCEPTED : Outcome.ABSTAIN;
                situation.acknowledge(promise.exchange(), epoch, promise.sequence(), outcome);
            }
        });
        return settled(now);
    }

    /**
     * Makes room for another, for as long as this run lasts: what Bully won is given up in favour of the best member that could take over, which
     * stands at once, and this node stands no more while there is one. It goes on to vote.
     */
    public List<BullyEffect> retire(Duration now) {
        retired = true;
        Optional<String> successor = situation.bestOther();
        if (successor.isPresent() && (leader.leads(Source.BULLY) || candidacy.isUnderWay())) {
            resign(successor);
            candidacy.calm();
        }
        return settled(now);
    }

    /** To whom this node would hand over what Bully won; empty where that is nothing, or nobody could take over. */
    public Optional<String> successor() {
        return leader.leads(Source.BULLY) ? situation.bestOther() : Optional.empty();
    }

    /** Gives up leadership in favour of the best member that could take over, which stands at once, and takes part no more. */
    public List<BullyEffect> leave() {
        resign(situation.bestOther());
        participating = false;
        return situation.drain();
    }

    /** Does what is due. */
    public List<BullyEffect> tick(Duration now) {
        boolean paused = now.minus(deadline).compareTo(PAUSE) >= 0;
        expire(now);
        abstention.endIfDue(now);
        leader.heartbeatIfDue(now);
        raftClaim.advance(now);
        candidacy.expire(leader.leads(), now);
        follower.expire(now);
        if (mayStand(now)) {
            if (paused) {
                candidacy.notBefore(now.plus(HEARTBEAT).plus(situation.jitter(PAUSE)));
            }
            candidacy.stand(follower.lost(), now);
        }
        return settled(now);
    }

    /** When {@link #tick} is wanted next. */
    public Duration nextDeadline() {
        return deadline;
    }

    private Vote vote(Holder candidate, Duration now) {
        boolean better = situation.outranks(situation.self.nodeId(), candidate.nodeId());
        if (raftClaim.isUnderWay()) {
            return Vote.LEADER;
        }
        if (candidacy.isClaiming() && !leader.leads()) {
            return better ? Vote.OK : Vote.LEADER;
        }
        if (!participating || !conduct.promises() || abstention.holds() || voter.isStoring()) {
            return Vote.ABSTAIN;
        }
        if (leader.acts(now) || follower.followsAnother(candidate, now) || voter.leaseOfAnother(candidate, now)) {
            return Vote.LEADER;
        }
        if (better && stands() && candidacy.mayWin(now)) {
            candidacy.standBefore(now);
            return Vote.OK;
        }
        candidacy.yieldToBetter(now);
        return Vote.GO;
    }

    private void onCoordinator(Holder claimant, long exchange, Coordinator claim, Duration now) {
        if (claim.released() > 0) {
            voter.releaseLed(claim.released());
            follower.loseIf(claim.released());
        }
        if (claim.source() == Source.RAFT && claim.epoch() > leader.epoch() && givesWay()) {
            resign(Optional.of(claimant.nodeId()));
            candidacy.calm();
        }
        Outcome outcome = judgeClaim(claimant, claim.epoch(), claim.source(), now);
        if (outcome == Outcome.ACCEPTED) {
            candidacy.pause();
            promise(claimant, claim.epoch(), claim.source(), exchange, 0, now);
        } else {
            situation.acknowledge(exchange, claim.epoch(), 0, outcome);
        }
    }

    /** A leader that Raft elected before, or one of Bully's where Raft decides, makes room for the one that Raft elected now. */
    private boolean givesWay() {
        return leader.leads(Source.RAFT) || leader.leads(Source.BULLY) && conduct.concedes();
    }

    private Outcome judgeClaim(Holder claimant, long epoch, Source source, Duration now) {
        if (!participating || abstention.holds(source) || source == Source.BULLY && !conduct.promises()) {
            return Outcome.ABSTAIN;
        }
        boolean competes = candidacy.isClaiming() || source == Source.BULLY && raftClaim.isUnderWay();
        return leader.acts(now) || competes ? Outcome.LEASE : voter.judgeClaim(epoch, claimant, source, now);
    }

    private void onHeartbeat(Holder sender, long exchange, Heartbeat heartbeat, Duration now) {
        long epoch = heartbeat.epoch();
        Outcome outcome = participating ? judgeHeartbeat(sender, heartbeat, now) : Outcome.ABSTAIN;
        if (outcome != Outcome.ACCEPTED) {
            situation.acknowledge(exchange, epoch, heartbeat.sequence(), outcome);
            return;
        }
        resign(Optional.empty());
        follower.follow(sender, epoch, heartbeat.source(), now);
        candidacy.calm();
        boolean promises = heartbeat.source() == Source.RAFT || conduct.promises();
        if (abstention.holds(heartbeat.source()) || voter.isStoring() || !promises) {
            voter.bind(epoch, sender);
            remember(sender, heartbeat, now);
            situation.acknowledge(exchange, epoch, heartbeat.sequence(), Outcome.ABSTAIN);
        } else {
            promise(sender, epoch, heartbeat.source(), exchange, heartbeat.sequence(), now);
        }
    }

    /** Only without a quorum can two leaders share an epoch: then the better one stays. */
    private Outcome judgeHeartbeat(Holder sender, Heartbeat heartbeat, Duration now) {
        long epoch = heartbeat.epoch();
        Optional<String> rival = leader.epoch() == epoch
                ? Optional.of(situation.self.nodeId())
                : follower.current(now)
                        .filter(followed -> followed.epoch() == epoch)
                        .map(followed -> followed.leader().nodeId());
        if (rival.filter(nodeId -> !nodeId.equals(sender.nodeId())).isPresent()) {
            return situation.outranks(sender.nodeId(), rival.get()) ? Outcome.ACCEPTED : Outcome.LEASE;
        }
        return leader.epoch() > epoch ? Outcome.LEASE : voter.judgeHeartbeat(epoch, sender, heartbeat.source(), now);
    }

    private void promise(Holder to, long epoch, Source source, long exchange, long sequence, Duration now) {
        voter.bind(epoch, to);
        if (voter.isStored(epoch)) {
            voter.grant(epoch, to, source, now);
            situation.acknowledge(exchange, epoch, sequence, Outcome.ACCEPTED);
        } else {
            store(new Voter.Pending(to, epoch, source, exchange, sequence), now);
        }
    }

    private void store(Voter.Pending promise, Duration now) {
        voter.store(promise);
        situation.persist(promise.epoch(), promise.source() == Source.RAFT && !abstention.isBound(now));
    }

    /** So that not even after a restart it follows anybody under a lower epoch; promised is nothing. */
    private void remember(Holder sender, Heartbeat heartbeat, Duration now) {
        if (!voter.isStoring() && !voter.isStored(heartbeat.epoch())) {
            store(new Voter.Pending(sender, heartbeat.epoch(), heartbeat.source(), 0, 0), now);
        }
    }

    private void onStepDown(Holder sender, StepDown stepDown, Duration now) {
        voter.release(stepDown.epoch(), sender);
        raftClaim.again(now);
        boolean followedIt = follower.current(now)
                        .filter(followed -> followed.leader().equals(sender))
                        .isPresent()
                && follower.loseIf(stepDown.epoch());
        if (stepDown.successor().filter(situation.self.nodeId()::equals).isPresent()) {
            candidacy.succeed(stepDown.epoch(), now);
        } else if (followedIt && stepDown.successor().isPresent()) {
            candidacy.letSucceed(now);
        }
    }

    private void onAcknowledgement(String from, Acknowledgement answer, Duration now) {
        if (leader.leads() && leader.epoch() == answer.epoch()) {
            switch (leader.acknowledged(from, answer, now)) {
                case NONE -> {}
                case RESIGN -> {
                    resign(Optional.empty());
                    candidacy.retryLater(now);
                }
                case RECLAIM -> {
                    raftOvertaken |= leader.leads(Source.RAFT);
                    if (leader.leads(Source.BULLY) && !candidacy.isUnderWay() && !voter.isStoring()) {
                        candidacy.claim(0, now);
                    }
                }
            }
        } else if (answer.sequence() == 0) {
            raftClaim.onAnswer(from, answer.epoch(), answer.outcome());
            candidacy.onAnswer(from, answer.epoch(), answer.outcome(), leader.leads(), now);
            leadIfWon(now);
        }
    }

    private void leadIfWon(Duration now) {
        candidacy.takeWon(now).ifPresent(claim -> {
            follower.clear();
            candidacy.calm();
            leader.begin(claim, Source.BULLY, now);
        });
    }

    private void resign(Optional<String> successor) {
        leader.resign(successor);
        candidacy.withdraw();
        raftClaim.withdraw();
    }

    /** A lease that ran out is never revived by an answer that comes late: others may have been promised this node's vote since. */
    private void expire(Duration now) {
        if (leader.leads() && !leader.acts(now)) {
            resign(Optional.empty());
            candidacy.retryLater(now);
        }
    }

    private boolean stands() {
        return conduct.stands() && !(retired && situation.bestOther().isPresent());
    }

    private boolean mayStand(Duration now) {
        return participating
                && stands()
                && !raftClaim.isUnderWay()
                && !abstention.holds()
                && situation.electorate().complete()
                && !leader.leads()
                && !candidacy.isUnderWay()
                && follower.current(now).isEmpty()
                && !voter.isStoring()
                && !voter.leaseOfAnother(situation.self, now)
                && situation.epochsLeft(voter.highest());
    }

    private List<BullyEffect> settled(Duration now) {
        Duration next = now.plus(IDLE);
        next = earlier(next, abstention.deadline(now).orElse(next));
        next = earlier(next, leader.deadline(now).orElse(next));
        next = earlier(next, candidacy.deadline().orElse(next));
        next = earlier(next, raftClaim.deadline().orElse(next));
        next = earlier(next, follower.deadline().orElse(next));
        next = earlier(next, voter.leaseEnd(situation.self, now).orElse(next));
        if (mayStand(now)) {
            next = earlier(next, candidacy.standAt().orElse(now));
        }
        deadline = next;
        return situation.drain();
    }

    private static Leadership leadership(Holder leading, long epoch, Source source) {
        return new Leadership(Optional.of(leading.nodeId()), epoch, Optional.of(source));
    }

    private static Duration earlier(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
