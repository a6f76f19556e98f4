package io.ringrift.agent.sim;

import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.consensus.Leadership.Source;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Which stage each node is in: one for all, two neighbours side by side, or a roll-out that goes up and down, and reaches everybody or whoever is not cut
 * off. Stage 1 stands for 2 with Raft in the shadow.
 */
final class Stages {
    private static final List<String> VOTERS = List.of("node-0", "node-1", "node-2");
    private static final Duration TRIED_AGAIN = Duration.ofMillis(500);

    private final Simulation simulation;
    private final SplittableRandom random;
    private final List<Integer> stages;
    private final Way way;
    private final Map<Simulation.Node, Integer> now = new HashMap<>();
    private long generation = 1;
    private int target;
    private boolean ended;

    private enum Way {
        STAYS,
        /** One that is down or frozen follows when it can. */
        REACHES_ALL,
        /** One that is cut off from node 0, where the operator is, does not hear of it. */
        LEAVES_BEHIND
    }

    private Stages(Simulation simulation, List<Integer> stages, Way way) {
        this.simulation = simulation;
        this.random = simulation.random.split();
        this.stages = stages;
        this.way = way;
        this.target = stages.getFirst();
    }

    static Stages of(Simulation simulation) {
        return switch ((int) (simulation.seed % 8)) {
            case 0 -> new Stages(simulation, List.of(2), Way.STAYS);
            case 1 -> new Stages(simulation, List.of(3), Way.STAYS);
            case 2 -> new Stages(simulation, List.of(4), Way.STAYS);
            case 3 -> new Stages(simulation, List.of(2, 3), Way.STAYS);
            case 4 -> new Stages(simulation, List.of(3, 4), Way.STAYS);
            case 5 -> new Stages(simulation, List.of(1), Way.STAYS);
            case 6 -> new Stages(simulation, List.of(2, 3, 4), Way.REACHES_ALL);
            default -> new Stages(simulation, List.of(2, 3, 4), Way.LEAVES_BEHIND);
        };
    }

    /** Whether a leader may be left behind in a stage in which it needs nobody of those that went on without it. */
    boolean leavesBehind() {
        return way == Way.LEAVES_BEHIND;
    }

    private boolean walks() {
        return way != Way.STAYS;
    }

    void begin() {
        simulation.nodes.forEach(node -> now.put(node, walks() ? target : stages.get(random.nextInt(stages.size()))));
        simulation.settings = (node, config) -> settings(config, now.get(node));
        if (walks()) {
            next();
        }
    }

    /** The roll-out stops where it is, once every node has followed. */
    void end() {
        ended = true;
        now.replaceAll((node, stage) -> walks() ? target : stage);
        if (walks()) {
            simulation.nodes.stream().filter(Simulation.Node::runs).forEach(simulation::reconfigure);
        }
    }

    /** Whether this elects where everything works: Raft where all voters run it for that, and Bully where it is in nobody's way. */
    boolean fits(Source source) {
        return switch (source) {
            case RAFT -> now.values().stream().anyMatch(stage -> stage > 2);
            case BULLY -> now.values().stream().anyMatch(stage -> stage <= 2);
        };
    }

    private Configs settings(Configs config, int stage) {
        ConsensusMode mode = stage <= 2 ? ConsensusMode.BULLY : stage == 3 ? ConsensusMode.HYBRID : ConsensusMode.RAFT;
        return config.modes(MembershipMode.HTTP, mode)
                .raft(stage != 2, VOTERS, 0)
                .generation(generation);
    }

    /** One stage up or down, to every agent in a few seconds. */
    private void next() {
        simulation.after(Duration.ofMillis(6_000 + random.nextInt(8_000)), () -> {
            if (ended) {
                return;
            }
            int at = stages.indexOf(target);
            int step = at == 0 ? 1 : at == stages.size() - 1 ? -1 : random.nextBoolean() ? 1 : -1;
            target = stages.get(at + step);
            generation++;
            simulation.nodes.forEach(
                    node -> simulation.after(Duration.ofMillis(random.nextInt(3_000)), () -> follow(node)));
            next();
        });
    }

    private void follow(Simulation.Node node) {
        if (ended) {
            return;
        }
        if (leavesBehind() && !simulation.connected(simulation.nodes.getFirst(), node)) {
            simulation.after(TRIED_AGAIN, () -> follow(node));
            return;
        }
        now.put(node, target);
        if (node.runs()) {
            simulation.whenAwake(node, () -> simulation.reconfigure(node));
        }
    }

    @Override
    public String toString() {
        return "stages " + stages + " " + way + ", " + simulation.nodes.size() + " nodes, now " + now.values();
    }
}
