import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Time to ready of an agent alone, and memory of five that form a cluster and idle; in stage 0 and in stage 2. */
class AgentBench {
    private static final int FIRST_PORT = 28770;
    private static final int AGENTS = 5;

    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        int starts = Integer.parseInt(arguments[1]);
        int rest = Integer.parseInt(arguments[2]);
        for (String mode : List.of("http", "swim")) {
            report(root, mode, starts, rest);
        }
    }

    private static void report(Path root, String mode, int starts, int rest) throws Exception {
        System.out.printf("agent, membership mode %s, exec to /health/ready 200:  %s%n", mode,
                Measured.spread(readyTimes(root, mode, starts), "ms"));
        List<Measured.Memory> memories = idle(root, mode, rest);
        System.out.printf("  resident after %d s at rest, one of five: %s%n", rest,
                Measured.spread(memories.stream().map(Measured.Memory::resident).toList(), "MB"));
        System.out.printf("  of that not backed by files:  %s; threads %d%n",
                Measured.spread(memories.stream().map(Measured.Memory::anonymous).toList(), "MB"), memories.getFirst().threads());
    }

    private static List<Double> readyTimes(Path root, String mode, int starts) throws Exception {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < starts; i++) {
            try (Measured agent = Measured.start(root, "agent", FIRST_PORT, environment(mode, 0, ""))) {
                times.add(agent.untilReady("/health/ready").toNanos() / 1e6);
            }
        }
        return times;
    }

    private static List<Measured.Memory> idle(Path root, String mode, int rest) throws Exception {
        List<Measured> agents = new ArrayList<>();
        try {
            for (int i = 0; i < AGENTS; i++) {
                agents.add(Measured.start(root, "agent", port(i), environment(mode, i, peersOf(i))));
            }
            for (Measured agent : agents) {
                agent.untilReady("/health/ready");
            }
            Thread.sleep(rest * 1000L);
            List<Measured.Memory> memories = new ArrayList<>();
            for (Measured agent : agents) {
                memories.add(agent.memory());
            }
            return memories;
        } finally {
            for (Measured agent : agents) {
                agent.close();
            }
        }
    }

    private static int port(int node) {
        return FIRST_PORT + 10 * node;
    }

    private static String peersOf(int node) {
        List<String> peers = new ArrayList<>();
        for (int other = 0; other < AGENTS; other++) {
            if (other != node) {
                peers.add("bench-" + other + "=127.0.0.1:" + port(other));
            }
        }
        return String.join(",", peers);
    }

    private static Map<String, String> environment(String mode, int node, String peers) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MALLOC_ARENA_MAX", "1"); // as the image's environment says
        environment.put("RINGRIFT_NODE_ID", "bench-" + node);
        environment.put("RINGRIFT_MEMBERSHIP_MODE", mode);
        environment.put("RINGRIFT_BIND_ADDR", "127.0.0.1");
        environment.put("RINGRIFT_ADVERTISE_HOST", "127.0.0.1");
        environment.put("RINGRIFT_P2P_PORT", Integer.toString(port(node)));
        environment.put("RINGRIFT_SWIM_PORT", Integer.toString(port(node) + 1));
        environment.put("RINGRIFT_RAFT_PORT", Integer.toString(port(node) + 2));
        environment.put("RINGRIFT_DATA_DIR", "/var/lib/ringrift/" + node);
        if (!peers.isEmpty()) {
            environment.put("RINGRIFT_PEERS", peers);
        }
        return environment;
    }
}
