package io.ringrift.operator.rollout;

import io.ringrift.operator.api.ConsensusMode;
import io.ringrift.operator.api.Modes;
import io.ringrift.operator.rollout.Gate.Name;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is asked of Raft where it is to run; where it is not, everything holds. */
final class RaftGates {
    /**
     * So many entries a voter may be behind. Agents are not asked in the same instant, and a busy log grows by some hundred entries a
     * second: less than this says nothing.
     */
    static final long MOST_BEHIND = 5_000;

    private final Assignment assignment;
    private final List<Modes> ladder;
    private final Map<String, NodeReport.Raft> peers = new TreeMap<>();
    private final Collection<NodeReport> reports;

    /** @param reports of members alone */
    RaftGates(Assignment assignment, List<Modes> ladder, Collection<NodeReport> reports) {
        this.assignment = assignment;
        this.ladder = ladder;
        this.reports = reports;
        reports.forEach(report -> report.raft().ifPresent(raft -> peers.put(report.node(), raft)));
    }

    List<Gate> ask() {
        return List.of(available(), caughtUp(), dataIntact());
    }

    private Gate available() {
        List<String> asked =
                reports.stream().map(NodeReport::node).filter(this::needsRaft).toList();
        List<String> unknown =
                asked.stream().filter(node -> !peers.containsKey(node)).toList();
        if (!unknown.isEmpty()) {
            return Gate.wait(Name.RAFT_AVAILABLE, "no word of Raft yet from " + String.join(", ", unknown));
        }
        String without = asked.stream()
                .filter(node -> !peers.get(node).available())
                .map(node -> node + ": " + peers.get(node).message())
                .collect(Collectors.joining("; "));
        if (!without.isEmpty()) {
            return Gate.fail(Name.RAFT_AVAILABLE, "Raft is not available on " + without);
        }
        Set<String> leaders = asked.stream()
                .filter(this::votes)
                .map(node -> peers.get(node).leader().orElse("nobody"))
                .collect(Collectors.toCollection(TreeSet::new));
        return leaders.size() <= 1
                ? Gate.pass(Name.RAFT_AVAILABLE)
                : Gate.fail(
                        Name.RAFT_AVAILABLE, "the voters name different Raft leaders: " + String.join(", ", leaders));
    }

    private Gate caughtUp() {
        Map<String, NodeReport.Raft> voters = new TreeMap<>(peers);
        voters.keySet().removeIf(node -> !votes(node) || !needsRaft(node));
        for (Map.Entry<String, NodeReport.Raft> voter : voters.entrySet()) {
            Set<String> wanted = Set.copyOf(assignment.settingOf(voter.getKey()).voters());
            if (!voter.getValue().voters().equals(wanted)) {
                return Gate.wait(
                        Name.VOTERS_CAUGHT_UP,
                        voter.getKey() + " knows the voters "
                                + new TreeSet<>(voter.getValue().voters()) + ", wanted are " + new TreeSet<>(wanted));
            }
        }
        long end = voters.values().stream()
                .mapToLong(raft -> raft.commitIndex().orElse(0))
                .max()
                .orElse(0);
        String behind = voters.entrySet().stream()
                .filter(voter -> end - voter.getValue().appliedIndex().orElse(-1) > MOST_BEHIND
                        || voter.getValue().appliedIndex().isEmpty())
                .map(voter -> voter.getValue().appliedIndex().isPresent()
                        ? voter.getKey() + " is "
                                + (end - voter.getValue().appliedIndex().getAsLong()) + " entries behind"
                        : voter.getKey() + " holds no log yet")
                .collect(Collectors.joining("; "));
        return behind.isEmpty() ? Gate.pass(Name.VOTERS_CAUGHT_UP) : Gate.wait(Name.VOTERS_CAUGHT_UP, behind);
    }

    private Gate dataIntact() {
        return peers.entrySet().stream()
                .filter(peer -> peer.getValue().dataLost())
                .findFirst()
                .map(peer -> Gate.fail(
                        Name.DATA_INTACT, peer.getKey() + ": " + peer.getValue().message()))
                .orElse(Gate.pass(Name.DATA_INTACT));
    }

    /** Before Raft decides, members that do not vote have no part in it. */
    private boolean needsRaft(String node) {
        Modes modes = assignment.settingOf(node).modes(ladder);
        return modes.raftEnabled() && (votes(node) || modes.consensus() != ConsensusMode.BULLY);
    }

    private boolean votes(String node) {
        return assignment.settingOf(node).voters().contains(node);
    }
}
