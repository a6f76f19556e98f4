package io.ringrift.agent.membership.swim;

import static io.ringrift.agent.membership.swim.Simulation.SECOND;

import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.swim.SwimEffect.Change;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Members that end one after the other in one long-lived cluster, and how long the others take to know. */
final class CrashTrial {
    /** How a member ends. */
    enum End {
        /** The process is killed; its host lives and refuses connections to it. */
        KILLED,
        /** The host vanishes: nothing answers any more, not even a refusal. */
        VANISHED
    }

    private final Simulation simulation;
    private final End end;
    private final long[] suspected;
    private final long[] failed;
    private final long[] allKnow;

    private CrashTrial(Simulation simulation, End end, int crashes) {
        this.simulation = simulation;
        this.end = end;
        this.suspected = new long[crashes];
        this.failed = new long[crashes];
        this.allKnow = new long[crashes];
    }

    /** Each victim comes back as a new instance before the next one goes. */
    static CrashTrial run(long seed, int members, SwimSettings settings, End end, int crashes) {
        Simulation simulation = new Simulation(seed);
        simulation.settings = settings;
        return run(simulation, members, end, crashes);
    }

    static CrashTrial run(Simulation simulation, int members, End end, int crashes) {
        simulation.established(members);
        simulation.runFor(3 * SECOND);
        CrashTrial trial = new CrashTrial(simulation, end, crashes);
        for (int i = 0; i < crashes; i++) {
            trial.crashOne(i);
        }
        Arrays.sort(trial.suspected);
        Arrays.sort(trial.failed);
        Arrays.sort(trial.allKnow);
        return trial;
    }

    private void crashOne(int round) {
        simulation.runFor(simulation.random.nextLong(2 * SECOND));
        SimNode victim = simulation.nodes.get(simulation.random.nextInt(simulation.nodes.size()));
        simulation.changes.clear();
        long start = simulation.now();
        switch (end) {
            case KILLED -> victim.kill();
            case VANISHED -> victim.crash();
        }
        simulation.until(
                "all know that " + victim + " is gone",
                30 * SECOND,
                () -> simulation.everybodyHolds(victim, MemberState.FAILED));
        Map<SimNode, Long> known = new HashMap<>();
        suspected[round] = Long.MAX_VALUE;
        for (Simulation.Change change : simulation.changes) {
            if (change.event().change() == Change.SUSPECTED) {
                suspected[round] = Math.min(suspected[round], change.at() - start);
            } else if (change.event().change() == Change.FAILED) {
                if (!change.event().member().nodeId().equals(victim.nodeId())) {
                    throw simulation.failure("a false death: " + change);
                }
                known.put(change.viewer(), change.at() - start);
            }
        }
        failed[round] = known.values().stream().mapToLong(at -> at).min().orElseThrow();
        allKnow[round] = known.values().stream().mapToLong(at -> at).max().orElseThrow();
        victim.boot();
        victim.join(simulation.nodes);
        simulation.until("the cluster is whole", 60 * SECOND, () -> simulation.complete() && simulation.agreed());
    }

    double firstSuspected(double share) {
        return at(suspected, share);
    }

    double firstFailed(double share) {
        return at(failed, share);
    }

    double allKnow(double share) {
        return at(allKnow, share);
    }

    private static double at(long[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1e9;
    }

    @Override
    public String toString() {
        return String.format(
                "%d crashes: first suspected p50 %.2f p99 %.2f max %.2f s, first FAILED p50 %.2f p99 %.2f max %.2f s, all know p50 %.2f p99 %.2f max %.2f s",
                failed.length,
                firstSuspected(0.5),
                firstSuspected(0.99),
                firstSuspected(1),
                firstFailed(0.5),
                firstFailed(0.99),
                firstFailed(1),
                allKnow(0.5),
                allKnow(0.99),
                allKnow(1));
    }
}
