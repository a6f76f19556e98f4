import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program of the image as the image will run it, once to record its AOT cache and once to see that the cache is taken.
 * Used while the image is built, with neither network nor tools beyond the JDK.
 */
record Training(Path home, String name, Map<String, String> environment) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<Integer> GIVEN = new HashSet<>();

    /** What is asked of the running program, so that the classes it needs are recorded. */
    @FunctionalInterface
    interface Exercise {
        void run() throws Exception;
    }

    /** Starts the program, waits until {@code ready} answers 200, exercises it, ends it by SIGTERM, and checks the cache. */
    void run(URI ready, Exercise exercise) throws Exception {
        Path cache = home.resolve(name + ".aot");
        List<String> recording = new ArrayList<>(arguments());
        recording.removeIf(argument -> argument.startsWith("-XX:AOTCache="));
        recording.add(0, "-XX:AOTCacheOutput=" + cache);
        runOnce(recording, ready, exercise);
        if (!Files.exists(cache)) {
            throw new IOException(name + " ended without writing " + cache);
        }
        List<String> strict = new ArrayList<>(arguments());
        strict.add(0, "-XX:AOTMode=on"); // a cache that does not fit is fatal, where the image only starts more slowly
        long start = System.nanoTime();
        runOnce(strict, ready, () -> System.out.printf("%s: ready with its cache in %d ms, %d MB of cache%n",
                name, Duration.ofNanos(System.nanoTime() - start).toMillis(), Files.size(cache) >> 20));
    }

    private List<String> arguments() throws IOException {
        return Files.readAllLines(home.resolve(name + ".jvm")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private void runOnce(List<String> arguments, URI ready, Exercise exercise) throws Exception {
        List<String> command = new ArrayList<>(List.of(home.resolve("jre/bin/java").toString()));
        command.addAll(arguments);
        command.addAll(List.of("-jar", home.resolve("ringrift-" + name + ".jar").toString()));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            awaitReady(process, ready);
            exercise.run();
            process.destroy();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException(name + " did not end within " + PATIENCE.toSeconds() + " s of SIGTERM");
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private void awaitReady(Process process, URI ready) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try {
                if (get(ready) == 200) {
                    return;
                }
            } catch (IOException notYet) {
                // it does not listen yet
            }
            Thread.sleep(50);
        }
        throw new IOException(name + (process.isAlive() ? " was not ready within " + PATIENCE.toSeconds() + " s" : " ended by itself"));
    }

    /** A port of loopback that is free now, another one each time: where a build shares the machine's network, fixed ones may be taken. */
    static int freePort() throws IOException {
        int port;
        do {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
            }
        } while (!GIVEN.add(port));
        return port;
    }

    /** The status of a GET. */
    static int get(URI uri) throws Exception {
        return send("GET", uri, "");
    }

    /** The status of a request, over a connection of its own like a probe's. */
    static int send(String method, URI uri, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(30))
                .method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString()).statusCode();
        }
    }
}
