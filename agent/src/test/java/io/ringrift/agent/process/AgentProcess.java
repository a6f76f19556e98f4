package io.ringrift.agent.process;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One agent as its users run it: {@code java -jar ringrift-agent.jar}, environment variables, real sockets on loopback. */
public final class AgentProcess implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final String nodeId;
    private final List<String> within;
    private final String host;
    private final int port;
    private final Path directory;
    private final Map<String, String> environment;
    private Process process;
    private int starts;

    AgentProcess(String nodeId, int port, Path directory, Map<String, String> environment) {
        this(nodeId, List.of(), "127.0.0.1", port, directory, environment);
    }

    /** @param within a command that runs the one it is followed by, in a network of its own where {@code host} is this agent */
    public AgentProcess(
            String nodeId,
            List<String> within,
            String host,
            int port,
            Path directory,
            Map<String, String> environment) {
        this.nodeId = nodeId;
        this.within = within;
        this.host = host;
        this.port = port;
        this.directory = directory;
        this.environment = new LinkedHashMap<>(environment);
    }

    /** The packaged jar; the build makes it before these tests run. */
    static Path jar() {
        Path jar = Path.of(System.getProperty("ringrift.agent.jar", "target/ringrift-agent.jar"));
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar.toAbsolutePath() + " is not there: run mvn package first");
        }
        return jar.toAbsolutePath();
    }

    public AgentProcess start() {
        return startWith(ClassCache.flags(jar()).toArray(String[]::new));
    }

    /** Starts it under further flags of the JVM. */
    AgentProcess startWith(String... flags) {
        starts++;
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(within);
        command.addAll(List.of(java.toString(), "-Xmx48m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(flags));
        command.addAll(List.of("-jar", jar().toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(key -> key.startsWith("RINGRIFT_") || key.startsWith("RAFT_"));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(log().toFile()).directory(directory.toFile());
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public String nodeId() {
        return nodeId;
    }

    public int port() {
        return port;
    }

    public String host() {
        return host;
    }

    int swimPort() {
        return Integer.parseInt(environment.get("RINGRIFT_SWIM_PORT"));
    }

    long pid() {
        return process.pid();
    }

    public Path directory() {
        return directory;
    }

    private Path log() {
        return directory.resolve("log-" + starts + ".txt");
    }

    /** Everything the present process printed so far. */
    public String output() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean alive() {
        return process != null && process.isAlive();
    }

    /** The document at {@code path}; empty while the agent does not answer. */
    public Optional<JsonObject> get(String path) {
        return text(path).map(JsonObject::new);
    }

    /** What stands at {@code path}; empty while the agent does not answer. */
    Optional<String> text(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return Optional.of(HTTP.send(request, BodyHandlers.ofString()).body());
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The status code of {@code method path}; 0 while the agent does not answer. */
    public int code(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path))
                .timeout(Duration.ofSeconds(5))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends it as a power cut would. */
    public void kill() {
        process.destroyForcibly();
        await(Duration.ofSeconds(10));
    }

    /** Sends SIGTERM and answers the exit status. */
    public int stop() {
        process.destroy();
        return await(Duration.ofSeconds(20));
    }

    /** Waits for the process to end by itself and answers its exit status. */
    int await(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(nodeId + " still runs after " + atMost + ":\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Freezes it (SIGSTOP) or lets it go on (SIGCONT). */
    public void signal(String name) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + name + " of " + nodeId + " ended with " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            process.destroyForcibly();
        }
    }
}
