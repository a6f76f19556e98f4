import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How soon whoever watches the resource {@code demo} is told of the next leader after the leader's pod was deleted: from the request that deletes it to
 * the event of the watch, which is what {@code kubectl get rrc -w} prints.
 */
class LeaderBench {
    private static final String CLUSTERS = "/apis/ringrift.io/v1alpha1/namespaces/default/ringriftclusters";
    private static final Pattern LEADER = Pattern.compile("\"leader\":\"([^\"]+)\"");
    private static final Pattern EPOCH = Pattern.compile("\"epoch\":(\\d+)");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** A user deletes a pod of a cluster that rests. */
    private static final Duration REST = Duration.ofSeconds(3);

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private final URI api;
    private Seen latest;

    private record Seen(long nanos, String leader, long epoch) {}

    private LeaderBench(URI api) {
        this.api = api;
    }

    public static void main(String[] arguments) throws Exception {
        int times = Integer.parseInt(arguments[0]);
        try (Forward proxy = Forward.start("proxy", "--port=0")) {
            LeaderBench bench = new LeaderBench(proxy.to());
            bench.watch();
            bench.delete(times);
        }
        System.exit(0); // the watch would go on
    }

    private void watch() {
        URI uri = api.resolve(CLUSTERS + "?watch=1&fieldSelector=metadata.name%3Ddemo");
        Thread.ofVirtual().start(() -> {
            try {
                http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofLines())
                        .body()
                        .forEach(this::note);
            } catch (IOException | InterruptedException ended) {
                System.err.println("the watch ended: " + ended);
            }
        });
    }

    private void note(String event) {
        String consensus = event.substring(Math.max(0, event.lastIndexOf("\"consensus\":")));
        Matcher leader = LEADER.matcher(consensus);
        Matcher epoch = EPOCH.matcher(consensus);
        if (leader.find() && epoch.find()) {
            seen.add(new Seen(System.nanoTime(), leader.group(1), Long.parseLong(epoch.group(1))));
        }
    }

    private void delete(int times) throws Exception {
        List<Double> shown = new ArrayList<>();
        for (int round = 0; round < times; round++) {
            rest();
            Seen before = last();
            long start = System.nanoTime();
            URI pod = api.resolve("/api/v1/namespaces/default/pods/" + before.leader);
            int status = http.send(HttpRequest.newBuilder(pod).DELETE().build(), HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status != 200) {
                throw new IOException("deleting " + before.leader + ": " + status);
            }
            Seen after = before;
            while (after.leader.equals(before.leader) || after.epoch <= before.epoch) {
                after = seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                if (after == null) {
                    throw new IOException("no other leader within " + PATIENCE);
                }
            }
            shown.add((after.nanos - start) / 1e6);
            System.out.printf("  round %d: %s under epoch %d instead of %s under %d after %.0f ms%n", round, after.leader, after.epoch, before.leader, before.epoch, shown.getLast());
        }
        System.out.printf("leader's pod deleted, request to the watch's next leader: %s%n", Measured.spread(shown, "ms"));
    }

    /** The last that was seen, of all that came meanwhile. */
    private Seen last() throws InterruptedException {
        List<Seen> all = new ArrayList<>();
        seen.drainTo(all);
        if (!all.isEmpty()) {
            latest = all.getLast();
        }
        return latest;
    }

    private void rest() throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!rests()) {
            if (System.nanoTime() > until) {
                throw new IOException("not at rest within " + PATIENCE);
            }
            Thread.sleep(100);
        }
        Thread.sleep(REST);
    }

    private boolean rests() throws IOException, InterruptedException {
        String body = http.send(HttpRequest.newBuilder(api.resolve(CLUSTERS + "/demo")).build(), HttpResponse.BodyHandlers.ofString()).body();
        return body.contains("\"phase\":\"Stable\"") && body.contains("\"alive\":5,") && body.contains("\"readyReplicas\":5");
    }
}
