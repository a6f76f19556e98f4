package io.ringrift.agent.coordinator;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.bully.Bully;
import io.ringrift.agent.consensus.bully.BullyEffect;
import io.ringrift.agent.consensus.raft.PeerDisk;
import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.RaftAuthority;
import io.ringrift.agent.consensus.raft.RaftOnly;
import io.ringrift.agent.consensus.raft.RaftOrder;
import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.consensus.raft.RaftRole;
import io.ringrift.agent.consensus.raft.RaftTimes;
import io.ringrift.agent.consensus.raft.Retirement;
import io.ringrift.agent.consensus.raft.VoterChange;
import io.ringrift.agent.consensus.raft.VoterStatus;
import io.ringrift.agent.coordinator.Message.Body;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.Directory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** This node's part in Raft: whom it tells of its peer, and what follows when that one leads; {@link PeerChoice} says which it is. */
final class RaftSide {
    /** While a voter lacks something that only others can tell. */
    private static final Duration ASK_SOON = Duration.ofSeconds(1);

    /** Else: so that every voter knows where the others are. */
    private static final Duration ASK = Duration.ofSeconds(5);

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
    private final PeerChoice choice;
    private final Map<String, VoterStatus> heard = new HashMap<>();
    private AgentConfig config;
    private RaftReport report = RaftReport.off();
    private Duration reportedAt = Duration.ZERO;
    private VoterStatus status = VoterStatus.NONE;
    private Map<PeerId, Address> addresses = Map.of();
    private Duration nextAsk = Duration.ZERO;
    private Duration nextChange = Duration.ZERO;
    private Duration deadline = Duration.ZERO;

    /** @param raftOnly whether a former run knew that the members run Raft alone */
    RaftSide(AgentConfig config, boolean raftOnly, Bully bully, Directory directory, Outbox outbox) {
        this.self = config.nodeId();
        this.raftOnly = new RaftOnly(raftOnly);
        this.config = config;
        this.bully = bully;
        this.directory = directory;
        this.outbox = outbox;
        this.choice = new PeerChoice(self, directory, outbox);
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
        choice.settle(config.raft(), report, heard, now);
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
                trouble.isPresent() && choice.loss().isPresent(),
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
        Optional<String> known = choice.loss().or(report::trouble).or(choice::waiting);
        if (known.isPresent()) {
            return known;
        }
        return Optional.of(
                report.role() == RaftRole.NONE && choice.plan().isEmpty()
                        ? "No voter says who leads Raft."
                        : "Raft has no leader: a majority of the voters is needed, and an election may be under way.");
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
                runs && choice.loss().isPresent());
    }

    private void tellAddresses() {
        if (choice.plan().isEmpty()) {
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
        TreeSet<String> asked = new TreeSet<>(choice.others(config.raft().voters()));
        if (!settled) {
            asked.addAll(choice.others(directory.nodeIds()));
        }
        asked.forEach(nodeId -> outbox.send(nodeId, new Body.Hello()));
    }

    private boolean asks() {
        return isEnabled() && config.raft().voters().contains(self);
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
