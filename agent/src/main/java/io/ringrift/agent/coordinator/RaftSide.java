package io.ringrift.agent.coordinator;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.bully.Bully;
import io.ringrift.agent.consensus.bully.BullyEffect;
import io.ringrift.agent.consensus.raft.DiskLoss;
import io.ringrift.agent.consensus.raft.PeerDisk;
import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.PeerPlan;
import io.ringrift.agent.consensus.raft.RaftAuthority;
import io.ringrift.agent.consensus.raft.RaftOnly;
import io.ringrift.agent.consensus.raft.RaftOrder;
import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.consensus.raft.RaftRole;
import io.ringrift.agent.consensus.raft.RaftTimes;
import io.ringrift.agent.consensus.raft.Retirement;
import io.ringrift.agent.consensus.raft.VoterChange;
import io.ringrift.agent.consensus.raft.VoterPlan;
import io.ringrift.agent.consensus.raft.VoterStatus;
import io.ringrift.agent.coordinator.Message.Body;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.Directory;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** This node's part in Raft: which peer it runs, whom it tells of it, and what follows when that peer leads. */
final class RaftSide {
    /** While a voter lacks something that only others can tell. */
    private static final Duration ASK_SOON = Duration.ofSeconds(1);

    /** Else: so that every voter knows where the others are. */
    private static final Duration ASK = Duration.ofSeconds(5);

    /** How long a group is not founded while a member that may know of one has not been heard. */
    private static final Duration HEARING = Duration.ofSeconds(10);

    private static final Duration FRESH = Duration.ofSeconds(3);

    private static final Duration IDLE = Duration.ofSeconds(60);

    /** Time for a change of the group to show in the reports. */
    private static final Duration CHANGE_AGAIN = Duration.ofSeconds(3);

    private final String self;
    private final Bully bully;
    private final RaftAuthority authority;
    private final Directory directory;
    private final Outbox outbox;
    private final RaftOnly raftOnly;
    private final Retirement retirement;
    private final DiskLoss diskLoss = new DiskLoss();
    private final Map<String, VoterStatus> heard = new HashMap<>();
    private AgentConfig config;
    private RaftReport report = RaftReport.off();
    private Duration reportedAt = Duration.ZERO;
    private VoterStatus status = VoterStatus.NONE;
    private Optional<PeerPlan> plan = Optional.empty();
    private Optional<String> waiting = Optional.empty();
    private Optional<String> loss = Optional.empty();
    private Optional<Duration> wantedSince = Optional.empty();
    private Map<PeerId, Address> addresses = Map.of();
    private Duration nextAsk = Duration.ZERO;
    private Duration nextChange = Duration.ZERO;
    private Duration deadline = Duration.ZERO;
    private boolean opened;

    /** @param raftOnly whether a former run knew that the members run Raft alone */
    RaftSide(AgentConfig config, boolean raftOnly, Bully bully, Directory directory, Outbox outbox) {
        this.self = config.nodeId();
        this.raftOnly = new RaftOnly(raftOnly);
        this.config = config;
        this.bully = bully;
        this.directory = directory;
        this.outbox = outbox;
        this.retirement = new Retirement(self);
        this.authority =
                new RaftAuthority(self, bully, RaftTimes.of(config.raft().profile()));
    }

    void configure(AgentConfig changed) {
        config = changed;
        authority.configure(RaftTimes.of(changed.raft().profile()));
        nextAsk = Duration.ZERO;
        nextChange = Duration.ZERO;
    }

    void reported(RaftReport latest, Duration now) {
        report = latest;
        reportedAt = now;
    }

    /** Takes what a message tells of its sender's part. */
    void heard(String nodeId, VoterStatus said) {
        VoterStatus before = heard.put(nodeId, said);
        if (!said.equals(before)) {
            nextAsk = before == null ? Duration.ZERO : nextAsk;
        }
    }

    /** What every message tells of this node's part. */
    VoterStatus status() {
        return status;
    }

    boolean isEnabled() {
        return config.raft().enabled();
    }

    /** Brings the peer and its leadership in line with configuration, reports and what was heard. */
    List<BullyEffect> settle(boolean takesPart, Duration now) {
        heard.keySet().retainAll(directory.nodeIds());
        boolean voter = config.raft().enabled() && config.raft().voters().contains(self);
        boolean serving =
                report.voters().stream().anyMatch(peer -> peer.nodeId().equals(self));
        decidePeer(config.raft().enabled() && (voter || serving || isTakenOut(voter)), now);
        status = describe();
        tellAddresses();
        boolean decides = takesPart && config.consensusMode() != ConsensusMode.BULLY && isFresh(now);
        RaftReport aged = report.later(now.minus(reportedAt));
        learnModes(now);
        RaftAuthority.Wanted wanted = authority.settle(decides, raftOnly.holds(), aged, now);
        wanted.orders().forEach(outbox::raft);
        retirement.orders(report, bully::couldTakeOver, now).forEach(outbox::raft);
        if (report.leads() && takesPart) {
            change(now);
        }
        ask(now);
        Duration idle = asks() ? nextAsk : now.plus(IDLE);
        deadline = authority
                .nextDeadline(aged, now)
                .filter(due -> due.compareTo(idle) < 0)
                .orElse(idle);
        return wanted.messages();
    }

    /** A peer reports twice a second: one that is silent for so long was paused with this process, and may have been replaced. */
    private boolean isFresh(Duration now) {
        return now.compareTo(freshUntil()) < 0;
    }

    /** Until when what the peer said of itself counts. */
    Duration freshUntil() {
        return reportedAt.plus(FRESH);
    }

    /** Makes room for another voter from the next {@link #settle} on, for as long as this run lasts. */
    void retire(Duration now) {
        retirement.begin(now);
        // So that nobody hands over to this one.
        nextAsk = now;
    }

    /** To whom this leader could hand over; empty where it does not lead. */
    Optional<String> successor() {
        return Retirement.successor(report, bully::couldTakeOver);
    }

    /** Whether Raft takes this node for its leader. */
    boolean leads() {
        return report.role() == RaftRole.LEADER;
    }

    /** When {@link #settle} is wanted next, if nothing comes in before. */
    Duration nextDeadline() {
        return deadline;
    }

    Optional<Long> acting() {
        return authority.acting();
    }

    AgentView.RaftView view(Leadership leadership) {
        if (!isEnabled()) {
            return new AgentView.RaftView(false, false, false, Optional.of("Raft is off"), Optional.empty());
        }
        boolean byRaft =
                leadership.source().filter(Leadership.Source.RAFT::equals).isPresent();
        Optional<String> leader = report.leader().or(() -> byRaft ? leadership.leader() : Optional.empty());
        Optional<String> trouble = leader.isPresent() && report.trouble().isEmpty() ? Optional.empty() : trouble();
        List<String> voters = report.voters().isEmpty()
                ? config.raft().voters()
                : report.voters().stream().map(PeerId::nodeId).toList();
        return new AgentView.RaftView(
                true,
                trouble.isEmpty(),
                trouble.isPresent() && loss.isPresent(),
                trouble,
                Optional.of(new AgentView.RaftPeer(
                        leader,
                        report.term(),
                        report.role(),
                        voters,
                        report.commitIndex(),
                        report.appliedIndex(),
                        successor())));
    }

    /** Why Raft does not work here, in a sentence. */
    private Optional<String> trouble() {
        Optional<String> known = loss.or(report::trouble).or(() -> waiting);
        if (known.isPresent()) {
            return known;
        }
        return Optional.of(
                report.role() == RaftRole.NONE && plan.isEmpty()
                        ? "Nothing was heard of Raft's leader yet."
                        : "Raft has no leader: a majority of the voters is needed, and an election may be under way.");
    }

    // ---- which peer

    /** A node that is no wanted voter any more keeps its peer until the group has let it go. */
    private boolean isTakenOut(boolean voter) {
        return !voter
                && plan.isPresent()
                && report.state() == RaftReport.State.STARTING
                && report.role() != RaftRole.NONE;
    }

    private void decidePeer(boolean wanted, Duration now) {
        waiting = Optional.empty();
        if (!wanted) {
            wantedSince = Optional.empty();
            noLoss();
            run(Optional.empty());
            return;
        }
        wantedSince = wantedSince.or(() -> Optional.of(now));
        if (!opened) {
            opened = true;
            outbox.raft(new RaftOrder.OpenDisk());
        }
        report.disk().ifPresent(disk -> decidePeer(disk, now));
    }

    private void decidePeer(PeerDisk disk, Duration now) {
        long incarnation = config.raft().recoveryGeneration() + 1;
        if (plan.filter(running ->
                        running.incarnation() == incarnation && running.self().equals(disk.self()))
                .isPresent()) {
            // A group that has begun is not reconsidered: what others say changes while they start.
            plan.map(running -> running.with(config.raft().profile())).ifPresent(same -> run(Optional.of(same)));
            loss = findLoss(disk, now);
            return;
        }
        switch (VoterPlan.next(
                disk, incarnation, config.raft().voters(), config.raft().profile(), heard)) {
            case VoterPlan.Step.Wait(String why) -> {
                waiting = Optional.of(why);
                run(Optional.empty());
            }
            case VoterPlan.Step.Run(PeerPlan next)
            when next.way() == PeerPlan.Way.FOUND && disk.incarnation() == 0 && !mayFound(now) ->
                waiting = Optional.of("The Raft group is founded once every member was heard, or in a few seconds.");
            case VoterPlan.Step.Run(PeerPlan next) -> run(Optional.of(next));
        }
        noLoss();
    }

    private void noLoss() {
        diskLoss.reset();
        loss = Optional.empty();
    }

    /** A peer that waits to be taken in hears of a loss from those that hold the log, or finds that nobody does. */
    private Optional<String> findLoss(PeerDisk disk, Duration now) {
        boolean runs = report.state() == RaftReport.State.RUNNING;
        boolean founds =
                plan.filter(running -> running.founders().contains(disk.self())).isPresent();
        if (!runs && !founds) {
            return diskLoss.told(heard, others(config.raft().voters()), now);
        }
        diskLoss.reset();
        return runs ? DiskLoss.found(disk.self(), report, heard) : Optional.empty();
    }

    private boolean mayFound(Duration now) {
        boolean everybody = heard.keySet().containsAll(others(directory.nodeIds()));
        return everybody || now.minus(wantedSince.orElse(now)).compareTo(HEARING) >= 0;
    }

    private void run(Optional<PeerPlan> wanted) {
        if (!sameIdentity(wanted)) {
            plan = wanted;
            outbox.raft(new RaftOrder.Run(wanted));
        }
    }

    /** A peer that has begun goes on from its disk when asked again: that is no other plan. */
    private boolean sameIdentity(Optional<PeerPlan> wanted) {
        if (wanted.isEmpty() || plan.isEmpty()) {
            return wanted.isEmpty() == plan.isEmpty();
        }
        return wanted.get().self().equals(plan.get().self())
                && wanted.get().incarnation() == plan.get().incarnation()
                && wanted.get().profile() == plan.get().profile();
    }

    // ---- what others hear

    private VoterStatus describe() {
        long incarnation = report.disk().map(PeerDisk::incarnation).orElse(0L);
        VoterStatus newest = heard.values().stream()
                .max(java.util.Comparator.comparingLong(VoterStatus::incarnation))
                .orElse(VoterStatus.NONE);
        long known = Math.max(incarnation, Math.max(status.incarnation(), newest.incarnation()));
        List<PeerId> founders = incarnation == known
                ? report.disk().map(PeerDisk::founders).orElse(List.of())
                : newest.incarnation() == known ? newest.founders() : status.founders();
        boolean runs = config.raft().enabled() && report.state() == RaftReport.State.RUNNING;
        return new VoterStatus(
                report.disk().filter(disk -> isEnabled()).map(PeerDisk::self),
                known,
                founders,
                known > 0 && incarnation == known && runs,
                runs && loss.isPresent());
    }

    private void tellAddresses() {
        if (plan.isEmpty()) {
            return;
        }
        Map<PeerId, Address> now = new HashMap<>();
        heard.forEach((nodeId, said) -> said.peer()
                .ifPresent(peer -> directory
                        .sighting(nodeId)
                        .ifPresent(seen -> now.put(
                                peer,
                                new Address(seen.address().host(), seen.ports().raft())))));
        if (!now.equals(addresses)) {
            addresses = Map.copyOf(now);
            outbox.raft(new RaftOrder.Addresses(addresses));
        }
    }

    /** Voters tell each other of themselves; before a group is founded, everybody is asked. */
    private void ask(Duration now) {
        if (!asks() || now.compareTo(nextAsk) < 0) {
            return;
        }
        boolean settled = report.leader().isPresent() && report.state() == RaftReport.State.RUNNING;
        nextAsk = now.plus(settled ? ASK : ASK_SOON);
        TreeSet<String> asked = new TreeSet<>(others(config.raft().voters()));
        if (!settled) {
            asked.addAll(others(directory.nodeIds()));
        }
        asked.forEach(nodeId -> outbox.send(nodeId, new Body.Hello()));
    }

    private boolean asks() {
        return isEnabled() && config.raft().voters().contains(self);
    }

    private List<String> others(Collection<String> nodeIds) {
        return nodeIds.stream().filter(nodeId -> !nodeId.equals(self)).toList();
    }

    // ---- as Raft's leader

    private void learnModes(Duration now) {
        boolean contradicted = config.consensusMode() != ConsensusMode.RAFT
                || directory.nodeIds().stream()
                        .flatMap(nodeId -> directory.sighting(nodeId).stream())
                        .anyMatch(seen -> seen.modes().consensus() != ConsensusMode.RAFT);
        boolean enough = !contradicted
                && (raftOnly.holds()
                        || !bully.couldElect(
                                nodeId -> directory.sighting(nodeId).isEmpty()));
        raftOnly.learn(contradicted, enough, now).ifPresent(outbox::persistRaftOnly);
    }

    /** The disk's answer to {@link Effect.PersistRaftOnly}. */
    void raftOnlyPersisted(boolean value, boolean durable, Duration now) {
        raftOnly.persisted(value, durable, now);
    }

    private void change(Duration now) {
        if (now.compareTo(nextChange) < 0 || report.disk().isEmpty()) {
            return;
        }
        PeerId own = report.disk().get().self();
        Map<String, PeerId> present = new HashMap<>(Map.of(self, own));
        heard.forEach((nodeId, said) -> said.peer().ifPresent(peer -> present.put(nodeId, peer)));
        Optional<RaftOrder> step = VoterChange.next(own, report, config.raft().voters(), present)
                .<RaftOrder>map(next -> next)
                .or(() -> VoterChange.successor(own, report, config.raft().voters())
                        .map(RaftOrder.Transfer::new));
        step.ifPresent(order -> {
            outbox.raft(order);
            nextChange = now.plus(CHANGE_AGAIN);
        });
    }
}
