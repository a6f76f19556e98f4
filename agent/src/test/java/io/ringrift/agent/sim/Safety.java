package io.ringrift.agent.sim;

import io.ringrift.agent.consensus.Leadership;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What holds at every moment, whatever fails. */
final class Safety {
    /** A lease, on the slowest clock. */
    private static final Duration LEASE = Duration.ofMillis(10_400);

    private final Simulation simulation;
    private final Map<Long, String> leaderOfEpoch = new HashMap<>();
    private final Map<String, Long> acceptedBy = new HashMap<>();
    private final Map<String, Duration> hadMajority = new HashMap<>();
    private long highestEpoch;

    Safety(Simulation simulation) {
        this.simulation = simulation;
    }

    void check(Simulation.Node touched) {
        noteMajorities();
        List<Simulation.Node> leaders =
                simulation.nodes.stream().filter(node -> node.leads() > 0).toList();
        require(leaders.size() <= 1, () -> "two valid leases: " + describe(leaders));
        leaders.forEach(this::checkLeader);
        checkAccepted(touched);
    }

    /** The file is gone, and with it what the node remembers of earlier epochs. */
    void forget(Simulation.Node node) {
        acceptedBy.remove(node.id);
    }

    private void checkLeader(Simulation.Node leader) {
        long epoch = leader.leads();
        String run = leader.id + "/" + leader.instance;
        String other = leaderOfEpoch.putIfAbsent(epoch, run);
        require(other == null || other.equals(run), () -> "epoch " + epoch + " had " + other + " and now " + run);
        require(other != null || epoch > highestEpoch, () -> "epoch " + epoch + " after " + highestEpoch);
        highestEpoch = Math.max(highestEpoch, epoch);
        Duration last = hadMajority.getOrDefault(leader.id, Duration.ZERO);
        require(
                simulation.now().minus(last).compareTo(LEASE) <= 0,
                () -> leader.id + " leads without a majority since " + last);
    }

    private void checkAccepted(Simulation.Node node) {
        Leadership leadership = node.leadership();
        if (leadership.leader().isEmpty()) {
            return;
        }
        long before = acceptedBy.getOrDefault(node.id, 0L);
        require(leadership.epoch() >= before, () -> node.id + " accepts " + leadership + " after epoch " + before);
        acceptedBy.put(node.id, leadership.epoch());
        String run = leaderOfEpoch.get(leadership.epoch());
        require(
                run != null && run.startsWith(leadership.leader().get() + "/"),
                () -> node.id + " follows " + leadership + " but " + run + " leads in that epoch");
    }

    private void noteMajorities() {
        for (Simulation.Node node : simulation.nodes) {
            long reachable = simulation.nodes.stream()
                    .filter(Simulation.Node::runs)
                    .filter(other -> simulation.connected(node, other))
                    .count();
            if (reachable > simulation.nodes.size() / 2) {
                hadMajority.put(node.id, simulation.now());
            }
        }
    }

    private void require(boolean holds, java.util.function.Supplier<String> what) {
        if (!holds) {
            throw new AssertionError("seed " + simulation.seed + " at " + simulation.now() + ": " + what.get());
        }
    }

    private static String describe(List<Simulation.Node> leaders) {
        return leaders.stream().map(node -> node.id + " epoch " + node.leads()).collect(Collectors.joining(", "));
    }
}
