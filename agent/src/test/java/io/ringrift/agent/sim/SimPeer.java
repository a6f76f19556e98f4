package io.ringrift.agent.sim;

import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.RaftRole;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node's disk, and its Raft peer while one runs. */
final class SimPeer {
    final Simulation.Node node;
    // the disk
    Optional<PeerId> self = Optional.empty();
    long incarnation;
    List<PeerId> founders = List.of();
    long term;
    RaftLog log = RaftLog.EMPTY;
    // the process
    boolean opened;
    boolean wanted;
    boolean runs;
    long run;
    RaftRole role = RaftRole.NONE;
    int commit;
    boolean ready;
    Optional<String> leader = Optional.empty();
    long leaderSince;
    long heardLeader;
    Optional<Long> acting = Optional.empty();
    boolean abstains;
    long latestTerm;
    boolean reporting;
    long reportsOrdered;
    long ordersOrdered;
    final Map<PeerId, Long> contact = new HashMap<>();
    final Map<PeerId, Integer> match = new HashMap<>();

    SimPeer(Simulation.Node node) {
        this.node = node;
    }

    Optional<RaftLog.Group> group() {
        return log.group()
                .or(() -> self.filter(founders::contains).map(founder -> new RaftLog.Group(founders, List.of())));
    }

    boolean leads() {
        return role == RaftRole.LEADER;
    }

    boolean isVoter() {
        return group().filter(group -> group.voters().contains(self.orElseThrow())
                        || group.outgoing().contains(self.orElseThrow()))
                .isPresent();
    }

    void stop() {
        run++;
        runs = false;
        role = RaftRole.NONE;
        ready = false;
        commit = 0;
        leader = Optional.empty();
        acting = Optional.empty();
        abstains = false;
    }

    void wipe() {
        self = Optional.empty();
        found(0, List.of());
    }

    /** An empty log of this group. */
    void found(long group, List<PeerId> by) {
        incarnation = group;
        founders = by;
        term = 0;
        log = RaftLog.EMPTY;
    }

    /** For a failure's message. */
    @Override
    public String toString() {
        return "%s: %s, runs %s, group %d %s, %s term %d, log %d, committed %d, acts %s"
                .formatted(self, node.runs(), runs, incarnation, group(), role, term, log.size(), commit, acting);
    }
}
