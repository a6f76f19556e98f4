import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast a stage reaches every agent of the cluster {@code demo}: from the edit of {@code spec.stage} to the moment at which each
 * agent says, on its event stream, that it runs the new configuration. Machine and agents share one clock.
 */
class RolloutBench {
    private static final List<String> PODS = List.of("demo-0", "demo-1", "demo-2", "demo-3", "demo-4");
    private static final Pattern CONFIG = Pattern.compile("\"generation\":(\\d+).*\"at\":\"([^\"]+)\"");
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Before a way down is timed: a user edits a cluster that rests, not one whose last step is still being reported. */
    private static final Duration REST = Duration.ofSeconds(2);

    private final Map<String, Long> generations = new ConcurrentHashMap<>();
    private final Map<String, Instant> applied = new ConcurrentHashMap<>();
    private final List<Forward> forwards = new ArrayList<>();
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private URI api;
    private volatile boolean ended;

    public static void main(String[] arguments) throws Exception {
        int top = Integer.parseInt(arguments[1]);
        int times = Integer.parseInt(arguments[2]);
        RolloutBench bench = new RolloutBench();
        try {
            bench.listen();
            switch (arguments[0]) {
                case "down" -> bench.down(top, times, List.of());
                case "cut" -> bench.down(top, times, Arrays.asList(arguments).subList(3, arguments.length));
                case "kill" -> bench.kill(top, times);
                case "away" -> bench.away(top, times, Arrays.asList(arguments).subList(3, arguments.length));
                default -> throw new IllegalArgumentException("knows down, cut, kill and away, not " + arguments[0]);
            }
        } finally {
            bench.ended = true;
            bench.forwards.forEach(Forward::close);
        }
    }

    /**
     * Up to {@code top} and back to 0, so many times; the way back, from rest, is what is timed.
     *
     * @param cut the command that cuts the operator off from the agents with the argument {@code on}, and ends that with {@code off};
     *     empty: it is not cut off
     */
    private void down(int top, int rounds, List<String> cut) throws Exception {
        List<Double> decided = new ArrayList<>();
        List<Double> acknowledged = new ArrayList<>();
        List<Double> shown = new ArrayList<>();
        List<Double> climbs = new ArrayList<>();
        String lives = lives();
        for (int round = 0; round < rounds; round++) {
            climbs.add(seconds(Instant.now(), walk(top)));
            Thread.sleep(REST);
            Map<String, Long> before = Map.copyOf(generations);
            run(cut, "on");
            Instant edited = Instant.now();
            edit(0);
            List<Double> agents = new ArrayList<>();
            for (String pod : PODS) {
                await(() -> generations.get(pod) > before.get(pod));
                agents.add(seconds(edited, applied.get(pod)) * 1000);
            }
            run(cut, "off");
            await(() -> arrived(0));
            shown.add(seconds(edited, Instant.now()) * 1000);
            acknowledged.addAll(agents);
            decided.add(seconds(edited, Instant.parse(kubectl("get", "rrc", "demo", "-o", "jsonpath={.status.history[0].started}").strip())) * 1000);
            System.out.printf("  round %d: decided after %.0f ms, at the agents after %s%n", round, decided.getLast(), agents.stream().map(ms -> "%.0f".formatted(ms)).toList());
        }
        System.out.printf("stage %d -> 0 %s, edit to applied at an agent: %s%n", top, cut.isEmpty() ? "by push" : "with the operator cut off from the agents", spread(acknowledged, "ms"));
        System.out.printf("  edit to decided by the operator:           %s%n", spread(decided, "ms"));
        if (cut.isEmpty()) {
            System.out.printf("  edit to status.stage=0 and phase Stable:  %s%n", spread(shown, "ms"));
        }
        System.out.printf("  stage 0 -> %d, soak 0s, verify 1s:          %s%n", top, spread(climbs, "s"));
        System.out.printf("  pods and containers started again:        %s%n", lives.equals(lives()) ? "none" : "SOME:\n" + lives + lives());
    }

    /** Ends the operator's pod at random moments of walks up and down, so many times. */
    private void kill(int top, int kills) throws Exception {
        String lives = lives();
        int done = 0;
        int walks = 0;
        while (done < kills) {
            int to = walks++ % 2 == 0 ? top : 0;
            edit(to);
            while (!arrived(to) && done < kills) {
                Thread.sleep(ThreadLocalRandom.current().nextLong(500, 4000));
                kubectl("delete", "pod", "-n", "ringrift-system", "-l", "app.kubernetes.io/component=operator", "--force", "--grace-period=0", "--wait=false");
                done++;
            }
            Instant last = Instant.now();
            await(() -> arrived(to));
            System.out.printf("  stage %d reached %.1f s after the last of %d kills%n", to, seconds(last, Instant.now()), done);
        }
        System.out.printf("operator killed %d times in %d walks between 0 and %d; pods and containers started again: %s%n", done, walks, top, lives.equals(lives()) ? "none" : "SOME");
        System.out.println(kubectl("get", "rrc", "demo", "-o", "jsonpath={range .status.history[*]}{.from}->{.stage} {.result} {.reason}{'\\n'}{end}").strip());
    }

    /**
     * Up and down by turns, so many times, and the API server away in the middle.
     *
     * @param takeAway the command that takes it away and returns when it is back
     */
    private void away(int top, int walks, List<String> takeAway) throws Exception {
        String lives = lives();
        List<Double> after = new ArrayList<>();
        for (int walk = 0; walk < walks; walk++) {
            int to = arrived(0) ? top : 0;
            edit(to);
            Thread.sleep(ThreadLocalRandom.current().nextLong(100, to == 0 ? 300 : 10_000));
            Instant gone = Instant.now();
            output(takeAway);
            Instant back = Instant.now();
            await(() -> arrived(to));
            after.add(seconds(back, Instant.now()));
            System.out.printf("  on the way to stage %d the API server was away for %.0f s; reached %.1f s after its return%n", to, seconds(gone, back), after.getLast());
        }
        System.out.printf("API server away in %d walks; reached after its return: %s; pods and containers started again: %s%n", walks, spread(after, "s"), lives.equals(lives()) ? "none" : "SOME");
    }

    private Instant walk(int stage) throws Exception {
        edit(stage);
        await(() -> arrived(stage));
        return Instant.now();
    }

    private static void run(List<String> command, String argument) throws IOException, InterruptedException {
        if (!command.isEmpty()) {
            List<String> whole = new ArrayList<>(command);
            whole.add(argument);
            output(whole);
        }
    }

    /** One request on a connection that is open already: the start of a client's process is nothing that the product could be faster at. */
    private void edit(int stage) throws IOException, InterruptedException {
        HttpRequest patch = HttpRequest.newBuilder(api)
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"spec\":{\"stage\":" + stage + "}}"))
                .build();
        HttpResponse<String> answer = http.send(patch, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.body());
        }
    }

    private boolean arrived(int stage) throws IOException, InterruptedException {
        String[] status = kubectl("get", "rrc", "demo", "-o", "jsonpath={.spec.stage} {.status.stage} {.status.phase} {.metadata.generation} {.status.observedGeneration} {.status.history[0].result}").split(" ");
        // Degraded is also what stands for a moment where the operator itself could not reach the API server.
        if (status[2].equals("Degraded") && !status[5].equals("Succeeded")) {
            throw new IOException("the roll-out went back: " + kubectl("get", "rrc", "demo", "-o", "jsonpath={.status.history[0]}"));
        }
        return status[1].equals(String.valueOf(stage)) && status[2].equals("Stable") && status[3].equals(status[4]);
    }

    /** Everything that would change if a pod or a container of one started again. */
    private static String lives() throws IOException, InterruptedException {
        return kubectl("get", "pods", "-l", "ringrift.io/cluster=demo", "-o",
                "jsonpath={range .items[*]}{.metadata.uid} {.status.initContainerStatuses[*].containerID} {.status.containerStatuses[*].containerID}{'\\n'}{end}");
    }

    private void listen() throws Exception {
        api = forward("/apis/ringrift.io/v1alpha1/namespaces/default/ringriftclusters/demo", "proxy", "--port=0");
        for (String pod : PODS) {
            HttpRequest request = HttpRequest.newBuilder(forward("/events", "port-forward", "pod/" + pod, ":8770")).build();
            http.sendAsync(request, HttpResponse.BodyHandlers.fromLineSubscriber(new Lines(pod)));
        }
        generations();
    }

    private URI forward(String path, String... arguments) throws IOException {
        Forward forward = Forward.start(arguments);
        forwards.add(forward);
        return forward.to().resolve(path);
    }

    /** The generation that each agent runs at first: its stream tells only of later ones. */
    private void generations() throws Exception {
        long now = Long.parseLong(kubectl("get", "configmap", "demo-runtime", "-o", "jsonpath={.data.RINGRIFT_CONFIG_GENERATION}").strip());
        PODS.forEach(pod -> generations.putIfAbsent(pod, now));
    }

    private final class Lines implements java.util.concurrent.Flow.Subscriber<String> {
        private final String pod;
        private boolean config;

        Lines(String pod) {
            this.pod = pod;
        }

        @Override
        public void onSubscribe(java.util.concurrent.Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            if (line.startsWith("event:")) {
                config = line.contains("config");
            } else if (config && line.startsWith("data:")) {
                Matcher seen = CONFIG.matcher(line);
                if (seen.find()) {
                    applied.put(pod, Instant.parse(seen.group(2)));
                    generations.put(pod, Long.parseLong(seen.group(1)));
                }
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (!ended) {
                System.err.println("the event stream of " + pod + " ended: " + failure);
            }
        }

        @Override
        public void onComplete() {
            System.err.println("the event stream of " + pod + " ended");
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        Instant until = Instant.now().plus(PATIENCE);
        while (!condition.holds()) {
            if (Instant.now().isAfter(until)) {
                throw new IOException("not within " + PATIENCE + ":\n" + kubectl("get", "rrc", "demo", "-o", "yaml"));
            }
            Thread.sleep(20);
        }
    }

    private static String kubectl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(Arrays.asList(arguments));
        return output(command);
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + out);
        }
        return out;
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }

    private static String spread(List<Double> values, String unit) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return String.format("p50 %.1f, p95 %.1f, max %.1f %s (n=%d)", at(sorted, 0.5), at(sorted, 0.95), sorted[sorted.length - 1], unit, sorted.length);
    }

    private static double at(double[] sorted, double quantile) {
        return sorted[(int) Math.ceil(quantile * sorted.length) - 1];
    }
}
