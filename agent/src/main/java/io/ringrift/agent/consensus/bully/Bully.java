package io.ringrift.agent.consensus.bully;

import static io.ringrift.agent.time.Durations.min;

import io.ringrift.agent.config.AgentConfig.BullyQuorum;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.Leadership.Source;
import io.ringrift.agent.consensus.bully.BullyMessage.Acknowledgement;
import io.ringrift.agent.consensus.bully.BullyMessage.Coordinator;
import io.ringrift.agent.consensus.bully.BullyMessage.Election;
import io.ringrift.agent.consensus.bully.BullyMessage.ElectionAnswer;
import io.ringrift.agent.consensus.bully.BullyMessage.Heartbeat;
import io.ringrift.agent.consensus.bully.BullyMessage.StepDown;
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

    private final Participation part;
    private final Parts parts;
    private final Requests requests;

    private boolean raftOvertaken;
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
        part = new Participation(situation);
        parts = new Parts(situation, voter, follower, leader, candidacy, raftClaim, abstention);
        requests = new Requests(parts, part);
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
        if (part.participates() && !wanted) {
            parts.resign(Optional.empty());
            follower.clear();
            candidacy.calm();
        }
        part.participate(wanted);
        return settled(now);
    }

    /** How this node takes part, by its consensus mode; what Bully won under a mode that has no use for it is given up. */
    public List<BullyEffect> conduct(Conduct wanted, Duration now) {
        part.conduct(wanted);
        if (!wanted.promises() && (leader.leads(Source.BULLY) || candidacy.isUnderWay())) {
            parts.resign(Optional.empty());
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
            parts.resign(Optional.empty());
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
                part.retired());
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
        if (!part.participates()) {
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
            parts.resign(Optional.empty());
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
            case Election(long round) -> requests.election(sender, exchange, round, now);
            case Coordinator claim -> requests.coordinator(sender, exchange, claim, now);
            case Heartbeat heartbeat -> requests.heartbeat(sender, exchange, heartbeat, now);
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
            } else {
                requests.stored(promise, durable, now);
            }
        });
        return settled(now);
    }

    /**
     * Makes room for another, for as long as this run lasts: what Bully won is given up in favour of the best member that could take over, which
     * stands at once, and this node stands no more while there is one. It goes on to vote.
     */
    public List<BullyEffect> retire(Duration now) {
        part.retire();
        Optional<String> successor = situation.bestOther();
        if (successor.isPresent() && (leader.leads(Source.BULLY) || candidacy.isUnderWay())) {
            parts.resign(successor);
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
        parts.resign(situation.bestOther());
        part.participate(false);
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
                    parts.resign(Optional.empty());
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

    /** A lease that ran out is never revived by an answer that comes late: others may have been promised this node's vote since. */
    private void expire(Duration now) {
        if (leader.leads() && !leader.acts(now)) {
            parts.resign(Optional.empty());
            candidacy.retryLater(now);
        }
    }

    private boolean mayStand(Duration now) {
        return part.participates()
                && part.stands()
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
        next = min(next, abstention.deadline(now).orElse(next));
        next = min(next, leader.deadline(now).orElse(next));
        next = min(next, candidacy.deadline().orElse(next));
        next = min(next, raftClaim.deadline().orElse(next));
        next = min(next, follower.deadline().orElse(next));
        next = min(next, voter.leaseEnd(situation.self, now).orElse(next));
        if (mayStand(now)) {
            next = min(next, candidacy.standAt().orElse(now));
        }
        deadline = next;
        return situation.drain();
    }

    private static Leadership leadership(Holder leading, long epoch, Source source) {
        return new Leadership(Optional.of(leading.nodeId()), epoch, Optional.of(source));
    }
}
