package io.ringrift.agent.sim;

import io.ringrift.agent.consensus.raft.PeerDisk;
import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.PeerPlan;
import io.ringrift.agent.consensus.raft.RaftOrder;
import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.consensus.raft.RaftReport.State;
import io.ringrift.agent.consensus.raft.RaftRole;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * The Raft port of every node of a {@link Simulation}: one group with terms, votes, logs, joint changes of its voters, leases, and reports
 * and orders that take their time. Rounds of votes and of replication happen in one moment, at moments that the seed chooses; a leader that
 * is cut off leads on until it notices, and its lease runs for as long as it possibly could.
 */
final class SimRaft {
    private static final long MILLI = 1_000_000;

    private final Simulation simulation;
    private final SplittableRandom random;
    private final List<SimPeer> hosts;
    private final RaftRounds rounds;

    SimRaft(Simulation simulation, SplittableRandom random) {
        this.simulation = simulation;
        this.random = random;
        this.hosts = simulation.nodes.stream().map(SimPeer::new).toList();
        this.rounds = new RaftRounds(simulation, random, hosts, this::tellSoon);
    }

    private SimPeer host(Simulation.Node node) {
        return hosts.get(node.index);
    }

    // ---- what tests do and see

    /** The process is gone; the disk stays. */
    void crash(Simulation.Node node) {
        SimPeer host = host(node);
        host.stop();
        host.opened = false;
        host.wanted = false;
        host.reporting = false;
        host.reportsOrdered = 0;
        host.ordersOrdered = 0;
    }

    /** The disk is lost. */
    void wipe(Simulation.Node node) {
        host(node).wipe();
    }

    /**
     * Whether a disk may be lost without a majority being lost: every peer of every group that a log names still has its own. The newest log
     * alone does not tell, its owner may be the only one that has it.
     */
    boolean mayLoseOne() {
        return hosts.stream()
                .flatMap(host -> host.group().stream())
                .allMatch(group -> group.everybody().stream().allMatch(this::hasDisk));
    }

    /** The epoch under which a node takes commands at this moment; 0 for none. */
    long acts(Simulation.Node node) {
        SimPeer host = host(node);
        return host.acting.isPresent() && rounds.hasLease(host) ? host.acting.get() : 0;
    }

    /** A voter stands at once, whatever it hears: as after a lost connection, or a hand-over. */
    void stand(Simulation.Node node) {
        SimPeer host = host(node);
        if (host.runs && !node.isFrozen() && host.isVoter() && !host.abstains && !host.leads()) {
            rounds.elect(host, true);
        }
    }

    /** Notes who hears whom up to this moment; call it before anything changes. */
    void touch() {
        rounds.touch();
    }

    /** For a failure's message. */
    @Override
    public String toString() {
        return hosts.stream().map(SimPeer::toString).collect(Collectors.joining("\n"));
    }

    // ---- the port

    void carryOut(Simulation.Node node, RaftOrder order) {
        SimPeer host = host(node);
        host.ordersOrdered = inTurn(host.ordersOrdered);
        simulation.input(node, Duration.ofNanos(host.ordersOrdered - simulation.nanos()), () -> obey(host, order));
    }

    private void obey(SimPeer host, RaftOrder order) {
        switch (order) {
            case RaftOrder.OpenDisk _ -> {
                host.opened = true;
                if (host.self.isEmpty()) {
                    String storage = "%08x".formatted(random.nextInt());
                    host.self = Optional.of(new PeerId(host.node.id, storage));
                }
            }
            case RaftOrder.Run(Optional<PeerPlan> plan) -> run(host, plan);
            case RaftOrder.Addresses _ -> {}
            case RaftOrder.Begin(long term, long epoch) -> {
                if (host.latestTerm == term && host.leads() && host.ready) {
                    host.log = host.log.with(new RaftLog.Begin(term, epoch, host.node.id));
                }
            }
            case RaftOrder.Act(Optional<Long> epoch) -> host.acting = epoch;
            case RaftOrder.Reconfigure change -> reconfigure(host, change);
            case RaftOrder.Abstain(boolean wanted) -> host.abstains = wanted;
            case RaftOrder.Transfer(String nodeId) ->
                simulation.nodes.stream()
                        .filter(node -> node.id.equals(nodeId) && host.leads())
                        .filter(node -> simulation.connected(host.node, node))
                        .forEach(node -> simulation.input(node, millis(1, 20), () -> stand(node)));
        }
        tellSoon(host);
    }

    private void run(SimPeer host, Optional<PeerPlan> plan) {
        host.stop();
        host.wanted = plan.isPresent();
        plan.ifPresent(wanted -> {
            if (wanted.way() != PeerPlan.Way.RESUME) {
                host.found(wanted.incarnation(), wanted.founders());
            }
            long run = host.run;
            simulation.input(host.node, millis(20, 500), () -> {
                if (host.run == run) {
                    host.runs = true;
                    host.role = RaftRole.FOLLOWER;
                    host.heardLeader = simulation.nanos();
                    tellSoon(host);
                    rounds.step(host, run);
                    look(host, run);
                }
            });
        });
    }

    private void reconfigure(SimPeer host, RaftOrder.Reconfigure change) {
        Optional<RaftLog.Group> present = host.group();
        boolean asExpected = host.leads()
                && host.ready
                && present.filter(group -> group.outgoing().isEmpty()
                                && Set.copyOf(group.voters()).equals(Set.copyOf(change.from())))
                        .isPresent();
        if (asExpected) {
            host.log = host.log.with(new RaftLog.Change(host.term, new RaftLog.Group(change.voters(), change.from())));
        }
    }

    // ---- reports

    private void look(SimPeer host, long run) {
        simulation.input(host.node, Duration.ofMillis(500), () -> {
            if (host.run == run) {
                tellSoon(host);
                look(host, run);
            }
        });
    }

    /** The port's thread looks, and the core hears of it, each a little later. */
    private void tellSoon(SimPeer host) {
        if (host.reporting || !host.node.runs()) {
            return;
        }
        host.reporting = true;
        host.ordersOrdered = inTurn(host.ordersOrdered);
        simulation.input(host.node, Duration.ofNanos(host.ordersOrdered - simulation.nanos()), () -> {
            host.reporting = false;
            RaftReport report = report(host);
            host.latestTerm = report.term();
            host.reportsOrdered = inTurn(host.reportsOrdered);
            simulation.report(host.node, Duration.ofNanos(host.reportsOrdered - simulation.nanos()), report);
        });
    }

    private long inTurn(long before) {
        long micros = random.nextInt(200) == 0 ? random.nextLong(400_000) : 50 + random.nextLong(1_500);
        return Math.max(before, simulation.nanos() + micros * 1_000);
    }

    private RaftReport report(SimPeer host) {
        Optional<PeerDisk> disk = host.self
                .filter(known -> host.opened)
                .map(known -> new PeerDisk(known, host.incarnation, host.founders));
        if (!host.runs) {
            return RaftReport.without(disk, host.wanted ? State.STARTING : State.OFF, Optional.empty());
        }
        Optional<RaftLog.Group> group = host.group();
        boolean joined = group.filter(g -> g.everybody().contains(host.self.orElseThrow()))
                .isPresent();
        boolean voter = host.isVoter();
        RaftLog.State applied = host.log.applied(host.commit);
        return new RaftReport(
                disk,
                joined ? State.RUNNING : State.STARTING,
                joined ? Optional.empty() : Optional.of("waits to be taken in"),
                joined ? voter ? host.role : RaftRole.LISTENER : RaftRole.NONE,
                host.term,
                host.leader,
                host.leads() && host.ready,
                host.leads()
                        ? Duration.ofNanos((long) ((simulation.nanos() - host.leaderSince) * host.node.clockSpeed))
                        : Duration.ZERO,
                applied.epoch(),
                applied.holder(),
                OptionalLong.of(host.commit),
                OptionalLong.of(host.commit),
                group.map(RaftLog.Group::voters).orElse(List.of()),
                List.of(),
                host.leads() ? progress(host) : Map.of());
    }

    private Map<PeerId, RaftReport.Progress> progress(SimPeer leader) {
        Map<PeerId, RaftReport.Progress> progress = new HashMap<>();
        for (PeerId peer : leader.group().orElseThrow().everybody()) {
            if (!peer.equals(leader.self.orElseThrow())) {
                progress.put(
                        peer,
                        new RaftReport.Progress(
                                leader.log.size() - leader.match.getOrDefault(peer, 0),
                                Duration.ofNanos(simulation.nanos() - leader.contact.getOrDefault(peer, 0L))));
            }
        }
        return progress;
    }

    private boolean hasDisk(PeerId peer) {
        return hosts.stream().anyMatch(host -> host.self.equals(Optional.of(peer)));
    }

    private Duration millis(int least, int most) {
        return Duration.ofNanos(least * MILLI + random.nextLong((most - least) * MILLI));
    }
}
