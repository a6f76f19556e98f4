package io.ringrift.agent.consensus.bully;

import io.ringrift.agent.consensus.Leadership.Source;
import io.ringrift.agent.consensus.bully.BullyMessage.Coordinator;
import io.ringrift.agent.consensus.bully.BullyMessage.ElectionAnswer;
import io.ringrift.agent.consensus.bully.BullyMessage.Heartbeat;
import io.ringrift.agent.consensus.bully.BullyMessage.Outcome;
import io.ringrift.agent.consensus.bully.BullyMessage.Vote;
import java.time.Duration;
import java.util.Optional;

/** Decides what others ask of this node: its vote, a promise of an epoch, to go on following. A promise is answered once it is durable. */
final class Requests {
    private final Parts parts;
    private final Participation part;
    private final Situation situation;
    private final Voter voter;
    private final Follower follower;
    private final Leader leader;
    private final Candidacy candidacy;
    private final RaftClaim raftClaim;
    private final Abstention abstention;

    Requests(Parts parts, Participation part) {
        this.parts = parts;
        this.part = part;
        situation = parts.situation();
        voter = parts.voter();
        follower = parts.follower();
        leader = parts.leader();
        candidacy = parts.candidacy();
        raftClaim = parts.raftClaim();
        abstention = parts.abstention();
    }

    void election(Holder candidate, long exchange, long round, Duration now) {
        situation.reply(exchange, new ElectionAnswer(round, vote(candidate, now)));
    }

    private Vote vote(Holder candidate, Duration now) {
        boolean better = situation.outranks(situation.self.nodeId(), candidate.nodeId());
        if (raftClaim.isUnderWay()) {
            return Vote.LEADER;
        }
        if (candidacy.isClaiming() && !leader.leads()) {
            return better ? Vote.OK : Vote.LEADER;
        }
        if (!part.participates() || !part.promises() || abstention.holds() || voter.isStoring()) {
            return Vote.ABSTAIN;
        }
        if (leader.acts(now) || follower.followsAnother(candidate, now) || voter.leaseOfAnother(candidate, now)) {
            return Vote.LEADER;
        }
        if (better && part.stands() && candidacy.mayWin(now)) {
            candidacy.standBefore(now);
            return Vote.OK;
        }
        candidacy.yieldToBetter(now);
        return Vote.GO;
    }

    void coordinator(Holder claimant, long exchange, Coordinator claim, Duration now) {
        if (claim.released() > 0) {
            voter.releaseLed(claim.released());
            follower.loseIf(claim.released());
        }
        if (claim.source() == Source.RAFT && claim.epoch() > leader.epoch() && givesWay()) {
            parts.resign(Optional.of(claimant.nodeId()));
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
        return leader.leads(Source.RAFT) || leader.leads(Source.BULLY) && part.concedes();
    }

    private Outcome judgeClaim(Holder claimant, long epoch, Source source, Duration now) {
        if (!part.participates() || abstention.holds(source) || source == Source.BULLY && !part.promises()) {
            return Outcome.ABSTAIN;
        }
        boolean competes = candidacy.isClaiming() || source == Source.BULLY && raftClaim.isUnderWay();
        return leader.acts(now) || competes ? Outcome.LEASE : voter.judgeClaim(epoch, claimant, source, now);
    }

    void heartbeat(Holder sender, long exchange, Heartbeat heartbeat, Duration now) {
        long epoch = heartbeat.epoch();
        Outcome outcome = part.participates() ? judgeHeartbeat(sender, heartbeat, now) : Outcome.ABSTAIN;
        if (outcome != Outcome.ACCEPTED) {
            situation.acknowledge(exchange, epoch, heartbeat.sequence(), outcome);
            return;
        }
        parts.resign(Optional.empty());
        follower.follow(sender, epoch, heartbeat.source(), now);
        candidacy.calm();
        boolean promises = heartbeat.source() == Source.RAFT || part.promises();
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

    /** The disk has stored a promise to another, or failed to; what was only to be remembered has nobody who waits for an answer. */
    void stored(Voter.Pending promise, boolean durable, Duration now) {
        if (promise.exchange() == 0) {
            return;
        }
        boolean stands = durable && part.participates() && voter.stands(promise);
        if (stands) {
            voter.grant(promise.epoch(), promise.holder(), promise.source(), now);
        }
        Outcome outcome = stands ? Outcome.ACCEPTED : Outcome.ABSTAIN;
        situation.acknowledge(promise.exchange(), promise.epoch(), promise.sequence(), outcome);
    }
}
