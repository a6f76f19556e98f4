package io.ringrift.agent.membership.swim;

import static io.ringrift.agent.membership.swim.Simulation.SECOND;

import io.ringrift.agent.membership.swim.CrashTrial.End;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.stream.LongStream;

/** All simulated figures that are promised, one after the other, as rows of a table: what, under which conditions, the goal, what came out. */
final class Figures {
    private boolean allKept = true;

    /** Prints the table. Returns whether every goal was kept. */
    boolean print() {
        System.out.printf(
                "Simulated, %s, JDK %s, one thread. Links: 0.2 to 1 ms, no loss, unless said otherwise.%n%n",
                LocalDate.now(ZoneOffset.UTC), Runtime.version());
        System.out.println("| what | conditions | goal | measured |");
        System.out.println("|---|---|---|---|");
        detection();
        thousand();
        row(
                "20 % of the packets lost",
                "N=100, 2 min, seeds 0 to 4",
                LongStream.range(0, 5).map(Figures::lostAtOneFifth).sum(),
                0,
                "false deaths");
        for (int blocked : new int[] {4, 16, 32}) {
            row(
                    "Lifeguard's stall test",
                    "N=128, " + blocked + " members blocked for 32 s, open for 64 ms, 2 min, seeds 0 to 9",
                    LongStream.range(0, 10).map(seed -> stalled(seed, blocked)).sum(),
                    0,
                    "false deaths of healthy members, in anybody's view");
        }
        for (int members : new int[] {10, 100, 1_000}) {
            row(
                    "quiet",
                    "N=" + members + ", sealed, default profile",
                    Scenarios.quiet(new Simulation(members), members),
                    400,
                    "B/s a node, with IPv4 and UDP headers");
        }
        row(
                "partition healed",
                "N=100, 50/50 for 5 min, seed 100",
                Scenarios.partition(new Simulation(100), 100, 50, 300 * SECOND),
                15,
                "s to equal views");
        row(
                "everybody restarts",
                "N=500, seed 500",
                Scenarios.massRestart(new Simulation(500), 500),
                10,
                "s to equal, complete views");
        row(
                "a member's address goes to another cluster",
                "5 and 3 members, 60 s, seed 45",
                Scenarios.reusedAddress(new Simulation(45)),
                0,
                "changes of state there");
        multitude();
        return allKept;
    }

    private void detection() {
        for (int members : new int[] {10, 50}) {
            crash("default", Profiles.DEFAULT, End.KILLED, members, 3.9, 4.6);
            crash("default", Profiles.DEFAULT, End.VANISHED, members, 3.9, 4.6);
            crash("fast", Profiles.FAST, End.KILLED, members, 1.9, 1.9);
            crash("fast", Profiles.FAST, End.VANISHED, members, 2.75, 2.76);
        }
    }

    private void crash(String name, SwimSettings settings, End end, int members, double median, double longest) {
        CrashTrial trial = CrashTrial.run(members, members, settings, end, 50);
        String what = end == End.KILLED ? "process killed" : "host vanished";
        String conditions = name + " profile, N=" + members + ", 50 times, seed " + members;
        row(what + ", first FAILED, p50", conditions, trial.firstFailed(0.5), median, "s");
        row(what + ", first FAILED, max", conditions, trial.firstFailed(1), longest, "s");
    }

    private void thousand() {
        CrashTrial trial = CrashTrial.run(1, 1_000, Profiles.DEFAULT, End.VANISHED, 100);
        String conditions = "default profile, N=1000, 100 times, seed 1";
        row("host vanished, all know, p50", conditions, trial.allKnow(0.5), 4.3, "s");
        row("host vanished, all know, p99", conditions, trial.allKnow(0.99), 5.0, "s");
    }

    private void multitude() {
        Scenarios.Multitude multitude = Scenarios.multitude(new Simulation(10_000), 10_000);
        String conditions = "N=10000 in this process, -Xmx1500m, seed 10000";
        row("host vanished, all know", conditions, multitude.allKnow(), 5.5, "s");
        allKept &= multitude.speed() >= 3;
        line(
                "simulated time by processor time of the whole process",
                conditions,
                "at least 3",
                String.format(Locale.ROOT, "%.1f", multitude.speed()));
        row("heap", conditions, multitude.heapMebibytes(), 1_536, "MiB");
    }

    private void row(String what, String conditions, double measured, double goal, String unit) {
        allKept &= measured <= goal;
        line(
                what,
                conditions,
                "at most " + number(goal) + " " + unit,
                number(measured) + (measured <= goal ? "" : " MISSED"));
    }

    private static long lostAtOneFifth(long seed) {
        return Scenarios.loss(new Simulation(seed), 100, 0.2, false, 120 * SECOND)
                .failed();
    }

    private static long stalled(long seed, int blocked) {
        return Scenarios.stall(new Simulation(seed), 128, blocked, 32 * SECOND, 120 * SECOND)
                .healthy()
                .failed();
    }

    private static void line(String what, String conditions, String goal, String measured) {
        System.out.println("| " + what + " | " + conditions + " | " + goal + " | " + measured + " |");
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
    }
}
