import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Time to ready of an operator that finds a cluster to look after. */
class OperatorBench {
    private static final int PORT = 28080;

    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        Map<String, String> environment = new HashMap<>();
        environment.put("MALLOC_ARENA_MAX", "1"); // as the image's environment says
        environment.put("KUBECONFIG", arguments[1]);
        environment.put("POD_NAME", "bench");
        environment.put("RINGRIFT_AGENT_IMAGE", "ringrift/agent:bench");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(PORT));
        environment.put("QUARKUS_KUBERNETES_CLIENT_NAMESPACE", "ringrift-system");
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            try (Measured operator = Measured.start(root, "operator", PORT, environment)) {
                times.add(operator.untilReady("/q/health/ready").toNanos() / 1e6);
            }
        }
        System.out.printf("operator, exec to /q/health/ready 200:  %s%n", Measured.spread(times, "ms"));
    }
}
