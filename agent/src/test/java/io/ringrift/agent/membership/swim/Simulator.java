package io.ringrift.agent.membership.swim;

import static io.ringrift.agent.membership.swim.Simulation.SECOND;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The simulator's command line; {@code bench/run simulate} starts it. */
public final class Simulator {
    static final String USAGE = """
            usage: bench/run simulate [--scenario NAME] [--seed N | --seeds FROM-TO] [--nodes N] [--profile NAME] ...

            scenario   what happens, and its own options
            chaos      (default) a random cluster with random settings has a bad minute, then peace; I1-I11 are checked
            crash      members end one after the other: --end killed | vanished, --crashes N [50]
            stall      members hear and send nothing for a time, again and again: --blocked N [16], --seconds N [32]
            loss       packets are lost for two minutes: --percent N [20], --tcp open | shut
            partition  two sides without a way to each other: --side N [half], --seconds N [300]
            restart    all processes end and start anew
            quiet      nothing happens; what that costs on the network
            reuse      a member's address goes to another cluster
            multitude  thousands of members in this process [10000]

            --seeds runs FROM and all after it up to, not including, TO; --profile is default, fast or low-bandwidth;
            --trace yes prints every fault and every change of a view. Exit 1: a rule was broken; its seed is printed.""";

    private final Map<String, String> options;

    private Simulator(Map<String, String> options) {
        this.options = options;
    }

    public static void main(String[] arguments) {
        if (arguments.length == 1 && arguments[0].equals("figures")) {
            System.exit(new Figures().print() ? 0 : 1);
        }
        if (arguments.length == 1 && arguments[0].equals("--help")) {
            System.out.println(USAGE);
            return;
        }
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        try {
            options.keySet().stream()
                    .filter(name -> !USAGE.contains(name))
                    .findFirst()
                    .ifPresent(name -> {
                        throw new IllegalArgumentException(name + " is not known");
                    });
            if (arguments.length % 2 != 0) {
                throw new IllegalArgumentException(arguments[arguments.length - 1] + " has no value");
            }
            System.exit(new Simulator(options).runAll() ? 0 : 1);
        } catch (IllegalArgumentException misused) {
            System.err.println(misused.getMessage() + "\n\n" + USAGE);
            System.exit(64);
        }
    }

    /** Returns whether every seed kept the rules. */
    private boolean runAll() {
        long first = number("--seed", 0);
        String[] range = take("--seeds").orElse(first + "-" + (first + 1)).split("-", 2);
        String scenario = take("--scenario").orElse("chaos");
        Map<Chaos.Sometimes, Integer> seen = new EnumMap<>(Chaos.Sometimes.class);
        boolean good = true;
        long last = Long.parseLong(range[range.length - 1]);
        for (long seed = Long.parseLong(range[0]); seed < last; seed++) {
            try {
                System.out.println(run(scenario, new Simulation(seed), seen));
            } catch (AssertionError broken) {
                good = false;
                System.out.println("FAILED " + broken.getMessage());
            }
        }
        if (!seen.isEmpty()) {
            System.out.println("runs in which it happened: " + seen);
        }
        return good;
    }

    private String run(String scenario, Simulation simulation, Map<Chaos.Sometimes, Integer> seen) {
        simulation.command = command(scenario, simulation.seed());
        if (text("--trace", "no").equals("yes")) {
            simulation.trace = Optional.of(System.out::println);
        }
        simulation.settings = profile();
        int nodes = (int) number("--nodes", scenario.equals("multitude") ? 10_000 : 100);
        String result = switch (scenario) {
            case "chaos" -> chaos(simulation, seen);
            case "crash" ->
                CrashTrial.run(simulation, nodes, end(), (int) number("--crashes", 50))
                        .toString();
            case "stall" -> {
                long length = number("--seconds", 32) * SECOND;
                yield Scenarios.stall(simulation, nodes, (int) number("--blocked", 16), length, 120 * SECOND)
                        .toString();
            }
            case "loss" -> {
                boolean shut = text("--tcp", "open").equals("shut");
                yield Scenarios.loss(simulation, nodes, number("--percent", 20) / 100.0, shut, 120 * SECOND)
                        .toString();
            }
            case "partition" -> {
                long length = number("--seconds", 300) * SECOND;
                double took = Scenarios.partition(simulation, nodes, (int) number("--side", nodes / 2), length);
                yield String.format("equal views %.2f s after it healed", took);
            }
            case "restart" -> String.format("equal views after %.2f s", Scenarios.massRestart(simulation, nodes));
            case "quiet" -> String.format("%.0f B/s a node, sealed", Scenarios.quiet(simulation, nodes));
            case "reuse" -> Scenarios.reusedAddress(simulation) + " changes of state in the other cluster";
            case "multitude" -> Scenarios.multitude(simulation, nodes).toString();
            default -> throw new IllegalArgumentException("--scenario " + scenario + " is not known");
        };
        return trace(scenario, simulation) + ": " + result;
    }

    /** The same in every process for the same seed: depends on every packet that arrived, its time and its bytes. */
    static String trace(String scenario, Simulation simulation) {
        return String.format(
                "seed %d %s: trace %016x of %d events",
                simulation.seed(), scenario, simulation.traceHash(), simulation.processed());
    }

    private static String chaos(Simulation simulation, Map<Chaos.Sometimes, Integer> seen) {
        Chaos chaos = new Chaos(simulation);
        chaos.run().forEach(rare -> seen.merge(rare, 1, Integer::sum));
        return chaos.toString();
    }

    /** The command without the range of seeds and the trace: one seed is enough to see it again. */
    private String command(String scenario, long seed) {
        StringBuilder command = new StringBuilder("bench/run simulate --scenario " + scenario + " --seed " + seed);
        options.forEach((name, value) -> {
            if (!name.equals("--seed") && !name.equals("--seeds") && !name.equals("--scenario")) {
                command.append(' ').append(name).append(' ').append(value);
            }
        });
        return command.toString();
    }

    private SwimSettings profile() {
        return switch (text("--profile", "default")) {
            case "default" -> Profiles.DEFAULT;
            case "fast" -> Profiles.FAST;
            case "low-bandwidth" -> Profiles.LOW_BANDWIDTH;
            default ->
                throw new IllegalArgumentException(
                        "--profile " + options.get("--profile") + ": allowed are default, fast, low-bandwidth");
        };
    }

    private CrashTrial.End end() {
        return switch (text("--end", "killed")) {
            case "killed" -> CrashTrial.End.KILLED;
            case "vanished" -> CrashTrial.End.VANISHED;
            default ->
                throw new IllegalArgumentException(
                        "--end " + options.get("--end") + ": allowed are killed and vanished");
        };
    }

    private Optional<String> take(String option) {
        return Optional.ofNullable(options.get(option));
    }

    private String text(String option, String otherwise) {
        return take(option).orElse(otherwise);
    }

    private long number(String option, long otherwise) {
        try {
            return take(option).map(Long::parseLong).orElse(otherwise);
        } catch (NumberFormatException notOne) {
            throw new IllegalArgumentException(option + " " + options.get(option) + ": allowed is a whole number");
        }
    }
}
