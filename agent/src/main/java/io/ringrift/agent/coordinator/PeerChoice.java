package io.ringrift.agent.coordinator;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.consensus.raft.DiskLoss;
import io.ringrift.agent.consensus.raft.PeerDisk;
import io.ringrift.agent.consensus.raft.PeerPlan;
import io.ringrift.agent.consensus.raft.RaftOrder;
import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.consensus.raft.RaftRole;
import io.ringrift.agent.consensus.raft.VoterPlan;
import io.ringrift.agent.consensus.raft.VoterStatus;
import io.ringrift.agent.membership.Directory;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which Raft peer this node runs, and why none. */
final class PeerChoice {
    /** How long a group is not founded while a member that may know of one has not been heard. */
    private static final Duration HEARING = Duration.ofSeconds(10);

    private final String self;
    private final Directory directory;
    private final Outbox outbox;
    private final DiskLoss diskLoss = new DiskLoss();
    private Optional<PeerPlan> plan = Optional.empty();
    private Optional<String> waiting = Optional.empty();
    private Optional<String> loss = Optional.empty();
    private Optional<Duration> wantedSince = Optional.empty();
    private boolean opened;

    PeerChoice(String self, Directory directory, Outbox outbox) {
        this.self = self;
        this.directory = directory;
        this.outbox = outbox;
    }

    /** Empty: none. */
    Optional<PeerPlan> plan() {
        return plan;
    }

    /** Why there is none yet, in a sentence. */
    Optional<String> waiting() {
        return waiting;
    }

    /** That a majority of the group's disks is gone, in a sentence. */
    Optional<String> loss() {
        return loss;
    }

    /**
     * Orders what follows from configuration, report and what was heard.
     *
     * @param heard what each other member said last, to this run
     */
    void settle(AgentConfig.Raft config, RaftReport report, Map<String, VoterStatus> heard, Duration now) {
        waiting = Optional.empty();
        if (!isWanted(config, report)) {
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
        report.disk().ifPresent(disk -> decide(config, report, disk, heard, now));
    }

    /** A node that is no wanted voter any more keeps its peer until the group has let it go. */
    private boolean isWanted(AgentConfig.Raft config, RaftReport report) {
        boolean voter = config.voters().contains(self);
        boolean serving =
                report.voters().stream().anyMatch(peer -> peer.nodeId().equals(self));
        boolean takenOut =
                plan.isPresent() && report.state() == RaftReport.State.STARTING && report.role() != RaftRole.NONE;
        return config.enabled() && (voter || serving || takenOut);
    }

    private void decide(
            AgentConfig.Raft config, RaftReport report, PeerDisk disk, Map<String, VoterStatus> heard, Duration now) {
        long incarnation = config.recoveryGeneration() + 1;
        if (plan.filter(running ->
                        running.incarnation() == incarnation && running.self().equals(disk.self()))
                .isPresent()) {
            // A group that has begun is not reconsidered: what others say changes while they start.
            run(plan.map(running -> running.with(config.profile())));
            loss = findLoss(config, report, disk, heard, now);
            return;
        }
        switch (VoterPlan.next(disk, incarnation, config.voters(), config.profile(), heard)) {
            case VoterPlan.Step.Wait(String why) -> {
                waiting = Optional.of(why);
                run(Optional.empty());
            }
            case VoterPlan.Step.Run(PeerPlan next)
            when next.way() == PeerPlan.Way.FOUND && disk.incarnation() == 0 && !mayFound(heard, now) ->
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
    private Optional<String> findLoss(
            AgentConfig.Raft config, RaftReport report, PeerDisk disk, Map<String, VoterStatus> heard, Duration now) {
        boolean runs = report.state() == RaftReport.State.RUNNING;
        boolean founds =
                plan.filter(running -> running.founders().contains(disk.self())).isPresent();
        if (!runs && !founds) {
            return diskLoss.told(heard, others(config.voters()), now);
        }
        diskLoss.reset();
        return runs ? DiskLoss.found(disk.self(), report, heard) : Optional.empty();
    }

    private boolean mayFound(Map<String, VoterStatus> heard, Duration now) {
        boolean everybody = heard.keySet().containsAll(others(directory.nodeIds()));
        return everybody || now.minus(wantedSince.orElse(now)).compareTo(HEARING) >= 0;
    }

    /** All but this node. */
    List<String> others(Collection<String> nodeIds) {
        return nodeIds.stream().filter(nodeId -> !nodeId.equals(self)).toList();
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
}
