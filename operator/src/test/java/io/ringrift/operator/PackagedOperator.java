package io.ringrift.operator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The operator's jar as a process, with the flags of its image. */
final class PackagedOperator implements AutoCloseable {
    private static final Path JAR =
            Path.of(System.getProperty("ringrift.operator.jar", "target/ringrift-operator.jar"));
    private static final Path FLAGS = Path.of("..", "images", "operator.jvm");

    final String name;
    final Path log;
    final Process process;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();

    PackagedOperator(String name, int port, Map<String, String> environment) {
        this.name = name;
        this.port = port;
        try {
            this.log = Files.createTempFile("operator-" + name, ".log");
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(flags());
            command.addAll(List.of("-jar", JAR.toString()));
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            builder.environment().put("POD_NAME", name);
            builder.environment().put("QUARKUS_HTTP_PORT", "" + port);
            builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
            this.process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The status code of that path; -1: it does not answer. */
    int code(String path) {
        try {
            return get(path).statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    /** What is found under that path. */
    String body(String path) {
        try {
            return get(path).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Resident memory in MB. */
    long residentMegabytes() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                            .filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElseThrow()
                    / 1024;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends it that signal, as {@code kill} names them. */
    void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " of " + this.name + " ended with " + status);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<String> get(String path) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** The image's, without the cache that only the image has. */
    private static List<String> flags() throws IOException {
        return Files.readAllLines(FLAGS).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith("-XX:AOTCache"))
                .toList();
    }
}
