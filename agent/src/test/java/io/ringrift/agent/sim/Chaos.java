package io.ringrift.agent.sim;

import io.ringrift.agent.consensus.bully.Remembered;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Breaks things at random, then mends everything. */
final class Chaos {
    private final Simulation simulation;
    private final Safety safety;
    private final SplittableRandom random;
    private final int pauseMillis;
    private boolean mended;

    /** @param pause the longest between two faults */
    Chaos(Simulation simulation, Safety safety, Duration pause) {
        this.pauseMillis = (int) pause.toMillis();
        this.simulation = simulation;
        this.safety = safety;
        this.random = simulation.random.split();
    }

    void begin() {
        simulation.nodes.forEach(node -> later(2_000, () -> simulation.start(node, false)));
        next();
    }

    /** Everything works again: links, processes, disks. */
    void mend() {
        mended = true;
        simulation.loss = 0;
        for (Simulation.Node node : simulation.nodes) {
            java.util.Arrays.fill(simulation.cut[node.index], false);
            node.diskRefuses = false;
            simulation.thaw(node);
            if (!node.runs()) {
                simulation.start(node, random.nextBoolean());
            }
        }
    }

    private void next() {
        later(pauseMillis, () -> {
            if (!mended) {
                fault(simulation.nodes.get(random.nextInt(simulation.nodes.size())));
                next();
            }
        });
    }

    private void fault(Simulation.Node node) {
        safety.beforeFault();
        switch (random.nextInt(14)) {
            case 0, 1 -> partition();
            case 2 -> simulation.cut[node.index][random.nextInt(simulation.nodes.size())] = true;
            case 3, 4 -> heal();
            case 5, 6 -> whileRunning(node, () -> simulation.freeze(node, millis(100, 15_000)));
            case 7, 8 -> whileRunning(node, () -> restart(node, false));
            case 9, 10 -> simulation.raft.stand(node);
            case 11 -> whileRunning(node, () -> restart(node, mayForget(node)));
            case 12 -> {
                simulation.loss = random.nextInt(3) == 0 ? random.nextDouble() * 0.4 : 0;
                node.diskRefuses = random.nextInt(4) == 0;
            }
            default -> whileRunning(node, () -> leave(node));
        }
    }

    /** At once, or after a while in which others are to lead: as a pod does whose workload takes its time. */
    private void leave(Simulation.Node node) {
        boolean lingers = random.nextInt(3) == 0;
        if (lingers) {
            simulation.drain(node);
        }
        simulation.input(
                node,
                lingers ? millis(0, 20_000) : Duration.ZERO,
                () -> simulation.leave(node, () -> restartLater(node)));
    }

    private void partition() {
        int side = random.nextInt(1 << simulation.nodes.size());
        for (Simulation.Node a : simulation.nodes) {
            for (Simulation.Node b : simulation.nodes) {
                boolean apart = (side >> a.index & 1) != (side >> b.index & 1);
                simulation.cut[a.index][b.index] |= apart;
            }
        }
    }

    private void heal() {
        for (boolean[] row : simulation.cut) {
            java.util.Arrays.fill(row, false);
        }
        simulation.nodes.forEach(node -> node.diskRefuses = false);
    }

    private void restart(Simulation.Node node, boolean forget) {
        simulation.crash(node);
        if (forget) {
            node.stored = Remembered.NOTHING;
            node.raftOnly = false;
            simulation.raft.wipe(node);
            safety.forget(node);
        }
        restartLater(node);
    }

    private void restartLater(Simulation.Node node) {
        boolean newAddress = random.nextBoolean();
        if (mended) {
            simulation.start(node, newAddress);
            return;
        }
        later(15_000, () -> {
            if (!mended && !node.runs()) {
                simulation.start(node, newAddress);
            }
        });
    }

    /** At most one node is without memory at a time: when a majority forgets, nobody can know. */
    private boolean mayForget(Simulation.Node node) {
        List<Simulation.Node> others =
                simulation.nodes.stream().filter(other -> other != node).toList();
        return others.stream().allMatch(other -> other.stored.epoch() > 0) && simulation.raft.mayLoseOne();
    }

    private void whileRunning(Simulation.Node node, Runnable action) {
        if (node.runs() && !node.isFrozen()) {
            action.run();
        }
    }

    private void later(int mostMillis, Runnable action) {
        simulation.after(millis(0, mostMillis), action);
    }

    private Duration millis(int least, int most) {
        return Duration.ofMillis(least + random.nextInt(most - least));
    }
}
