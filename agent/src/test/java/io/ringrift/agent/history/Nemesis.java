package io.ringrift.agent.history;

import io.ringrift.agent.process.AgentProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Breaks one thing after the other, by a seed, and mends it again. */
final class Nemesis implements Runnable {
    private static final long MILLI = 1_000_000;

    private final HistoryCluster cluster;
    private final Namespaces networks;
    private final SplittableRandom random;
    private final Counts counts;
    private final BooleanSupplier goesOn;

    Nemesis(
            HistoryCluster cluster,
            Namespaces networks,
            SplittableRandom random,
            Counts counts,
            BooleanSupplier goesOn) {
        this.cluster = cluster;
        this.networks = networks;
        this.random = random;
        this.counts = counts;
        this.goesOn = goesOn;
    }

    @Override
    public void run() {
        while (goesOn.getAsBoolean()) {
            sleep(500, 3_000);
            fault();
        }
        mend();
    }

    private void fault() {
        switch (random.nextInt(18)) {
            case 0 -> kill("kill", any());
            case 1, 2 -> kill("kill of the leader", leader());
            case 3 -> killAll();
            case 4 -> pause("pause", any());
            case 5 -> pause("pause of the leader", leader());
            case 6 -> leave(random.nextBoolean() ? leader() : any());
            case 7, 8 -> partition();
            case 9 -> oneWay();
            case 10 -> wipe();
            case 11 -> leaveBehind();
            case 12 -> stammer();
            case 13 -> pauseVoters();
            case 14, 15 -> setClock();
            default -> mode();
        }
    }

    private void kill(String kind, AgentProcess victim) {
        counts.fault(kind);
        victim.kill();
        sleep(0, 3_000);
        cluster.restart(victim);
    }

    private void killAll() {
        counts.fault("kill of all");
        cluster.agents().forEach(AgentProcess::kill);
        cluster.agents().forEach(cluster::restart);
        sleep(3_000, 4_000);
    }

    private void pause(String kind, AgentProcess victim) {
        counts.fault(kind);
        stop(victim, 6_000);
    }

    private void stop(AgentProcess victim, int most) {
        victim.signal("STOP");
        sleep(100, most);
        victim.signal("CONT");
    }

    /** Whoever leads stops again and again, and is awake for hardly longer than it takes to hear of a successor: that is where leases end. */
    private void stammer() {
        counts.fault("leader that stammers");
        for (int times = 2 + random.nextInt(5); times > 0; times--) {
            stop(leader(), 2_500);
            sleep(10, 400);
        }
    }

    /** Some of those who vote stop together, perhaps all, and wake one after the other. */
    private void pauseVoters() {
        List<AgentProcess> victims = new ArrayList<>(cluster.voters());
        if (random.nextBoolean()) {
            victims.remove(random.nextInt(victims.size()));
        }
        counts.fault("pause of " + victims.size() + " voters");
        victims.forEach(victim -> victim.signal("STOP"));
        sleep(200, 4_000);
        while (!victims.isEmpty()) {
            victims.remove(random.nextInt(victims.size())).signal("CONT");
            sleep(1, 1_500);
        }
    }

    /** Somebody's clock is wrong from now on, by seconds or by hours, while other things break; or right again. */
    private void setClock() {
        if (!NodeClock.canBeSet()) {
            return;
        }
        Duration ahead = random.nextInt(4) == 0
                ? Duration.ZERO
                : Duration.ofMillis(
                        random.nextBoolean() ? random.nextInt(-60_000, 60_000) : random.nextInt(-7_200_000, 7_200_000));
        counts.fault(ahead.isZero() ? "clock set right" : "wrong clock");
        cluster.setClock(random.nextBoolean() ? leader() : any(), ahead);
    }

    private void leave(AgentProcess victim) {
        boolean drains = random.nextBoolean();
        counts.fault(drains ? "restart after a drain" : "restart by SIGTERM");
        if (drains) {
            cluster.drain(victim);
            sleep(0, 6_000);
        }
        victim.stop();
        cluster.restart(victim);
    }

    private void partition() {
        counts.fault("partition");
        cut(1 + random.nextInt((1 << cluster.agents().size()) - 2));
        sleep(1_000, 8_000);
        networks.heal();
    }

    /** Parts those whose bit is set from all others. */
    private void cut(int side) {
        int size = cluster.agents().size();
        for (int a = 0; a < size; a++) {
            for (int b = 0; b < size; b++) {
                if ((side >> a & 1) != (side >> b & 1)) {
                    networks.cut(a, b);
                }
            }
        }
    }

    /** Two voters are cut off, and the stage is lowered for everybody else: long enough for these to elect a leader beside that of the two. */
    private void leaveBehind() {
        counts.fault("stage lowered on one side of a partition");
        List<AgentProcess> behind = new ArrayList<>(cluster.voters());
        int other = random.nextInt(behind.size());
        cut((1 << behind.size()) - 1 ^ 1 << other);
        behind.remove(other);
        cluster.leaveBehind(Set.copyOf(behind));
        cluster.stage(2);
        sleep(14_000, 18_000);
        kill("kill of the leader left behind", HistoryCluster.leader(behind).orElse(behind.getFirst()));
        sleep(1_000, 3_000);
        networks.heal();
        cluster.stage(3);
        cluster.reachAll();
    }

    /** What one says reaches nobody, or it hears nobody. */
    private void oneWay() {
        counts.fault("partition in one direction");
        int one = cluster.agents().indexOf(random.nextBoolean() ? leader() : any());
        boolean deaf = random.nextBoolean();
        for (int other = 0; other < cluster.agents().size(); other++) {
            if (other != one) {
                networks.cut(deaf ? other : one, deaf ? one : other);
            }
        }
        sleep(1_000, 6_000);
        networks.heal();
    }

    private void wipe() {
        if (!cluster.isWhole()) {
            return;
        }
        counts.fault("lost disk of a voter");
        AgentProcess victim =
                cluster.voters().get(random.nextInt(cluster.voters().size()));
        victim.kill();
        cluster.wipe(victim);
        cluster.restart(victim);
        sleep(1_000, 4_000);
    }

    /** One stage up or down; without Raft there is nothing to look at, so not for long. */
    private void mode() {
        int stage = cluster.stage();
        int next = stage == 4 ? 3 : stage == 2 ? 3 : random.nextBoolean() ? 2 : 4;
        counts.fault("stage " + stage + " to " + next);
        cluster.stage(next);
        if (next == 2) {
            sleep(2_000, 5_000);
            counts.fault("stage 2 to 3");
            cluster.stage(3);
        }
        sleep(0, 2_000);
    }

    private void mend() {
        networks.heal();
        cluster.stage(4);
        cluster.agents().stream().filter(agent -> !agent.alive()).forEach(cluster::restart);
    }

    private AgentProcess any() {
        List<AgentProcess> agents = cluster.agents();
        return agents.get(random.nextInt(agents.size()));
    }

    private AgentProcess leader() {
        return cluster.leader().orElseGet(this::any);
    }

    private void sleep(int least, int most) {
        long end = System.nanoTime() + (least + random.nextInt(most - least)) * MILLI;
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
