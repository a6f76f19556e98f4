import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Time to ready of an agent alone, and memory and CPU of five that form a cluster and idle; in stages 0, 2 and 4, where three vote. */
class AgentBench {
    private static final int FIRST_PORT = 28770;
    private static final int AGENTS = 5;
    private static final int VOTERS = 3;

    /** @param measured how many of the five are of interest: in stage 4 the voters, each a Raft peer */
    private record Stage(int number, String membership, String consensus, int measured) {}

    private static final List<Stage> STAGES = List.of(
            new Stage(0, "http", "bully", AGENTS), new Stage(2, "swim", "bully", AGENTS), new Stage(4, "swim", "raft", VOTERS));

    /** What one took in one of the rests: of a core while it lasted, and of memory at its end. */
    private record Idle(Measured.Memory memory, double cpuPercent) {}

    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        int starts = Integer.parseInt(arguments[1]);
        int rest = Integer.parseInt(arguments[2]);
        for (Stage stage : STAGES) {
            report(root, stage, starts, rest);
        }
    }

    private static void report(Path root, Stage stage, int starts, int rest) throws Exception {
        System.out.printf("agent, stage %d, exec to /health/ready 200:  %s%n", stage.number,
                Measured.spread(readyTimes(root, stage, starts), "ms"));
        idle(root, stage, rest);
    }

    private static void report(Stage stage, List<Idle> idle, int after, int rest) throws Exception {
        System.out.printf("  resident after %d s at rest, %s: %s%n", after, stage.measured == VOTERS ? "Raft's three voters of five" : "one of five",
                Measured.spread(idle.stream().map(agent -> agent.memory.resident()).toList(), "MB"));
        System.out.printf("  of that not backed by files:  %s; threads %d%n",
                Measured.spread(idle.stream().map(agent -> agent.memory.anonymous()).toList(), "MB"), idle.getFirst().memory.threads());
        System.out.printf("  CPU in the %d s before that, of one core:  %s; load %s%n", rest,
                Measured.spread(idle.stream().map(Idle::cpuPercent).toList(), "%"), Measured.load());
    }

    private static List<Double> readyTimes(Path root, Stage stage, int starts) throws Exception {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < starts; i++) {
            try (Measured agent = Measured.start(root, "agent", FIRST_PORT, environment(stage, 0, 1))) {
                times.add(agent.untilReady("/health/ready").toNanos() / 1e6);
            }
        }
        return times;
    }

    /** Lets them rest four times; tells of the second and the fourth. What starting left behind settles in the first; what is done seldom is compiled after two or three. */
    private static void idle(Path root, Stage stage, int rest) throws Exception {
        List<Measured> agents = new ArrayList<>();
        try {
            for (int i = 0; i < AGENTS; i++) {
                agents.add(Measured.start(root, "agent", port(i), environment(stage, i, AGENTS)));
            }
            for (Measured agent : agents) {
                agent.untilReady("/health/ready");
                if (stage.consensus.equals("raft")) {
                    agent.untilItSays("/raft/status", "\"raft_available\":true");
                }
            }
            for (int rests = 2; rests <= 4; rests += 2) {
                Thread.sleep(rest * 1000L);
                report(stage, atRest(agents.subList(0, stage.measured), rest), rests * rest, rest);
            }
        } finally {
            for (Measured agent : agents) {
                agent.close();
            }
        }
    }

    private static List<Idle> atRest(List<Measured> agents, int rest) throws Exception {
        List<Double> before = new ArrayList<>();
        for (Measured agent : agents) {
            before.add(agent.cpuSeconds());
        }
        long start = System.nanoTime();
        Thread.sleep(rest * 1000L);
        double seconds = (System.nanoTime() - start) / 1e9;
        List<Idle> idle = new ArrayList<>();
        for (int i = 0; i < agents.size(); i++) {
            idle.add(new Idle(agents.get(i).memory(), 100 * (agents.get(i).cpuSeconds() - before.get(i)) / seconds));
        }
        return idle;
    }

    private static int port(int node) {
        return FIRST_PORT + 10 * node;
    }

    private static String peersOf(int node, int agents) {
        return IntStream.range(0, agents)
                .filter(other -> other != node)
                .mapToObj(other -> "bench-" + other + "=127.0.0.1:" + port(other))
                .collect(Collectors.joining(","));
    }

    private static Map<String, String> environment(Stage stage, int node, int agents) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MALLOC_ARENA_MAX", "1"); // as the image's environment says
        environment.put("RINGRIFT_NODE_ID", "bench-" + node);
        environment.put("RINGRIFT_MEMBERSHIP_MODE", stage.membership);
        environment.put("RINGRIFT_CONSENSUS_MODE", stage.consensus);
        environment.put("RAFT_VOTERS", IntStream.range(0, Math.min(VOTERS, agents)).mapToObj(voter -> "bench-" + voter).collect(Collectors.joining(",")));
        environment.put("RINGRIFT_BIND_ADDR", "127.0.0.1");
        environment.put("RINGRIFT_ADVERTISE_HOST", "127.0.0.1");
        environment.put("RINGRIFT_P2P_PORT", Integer.toString(port(node)));
        environment.put("RINGRIFT_SWIM_PORT", Integer.toString(port(node) + 1));
        environment.put("RINGRIFT_RAFT_PORT", Integer.toString(port(node) + 2));
        environment.put("RINGRIFT_DATA_DIR", "/var/lib/ringrift/stage-" + stage.number + "-of-" + agents + "-" + node);
        if (agents > 1) {
            environment.put("RINGRIFT_PEERS", peersOf(node, agents));
        }
        return environment;
    }
}
