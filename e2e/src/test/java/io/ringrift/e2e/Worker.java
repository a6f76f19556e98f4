package io.ringrift.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Does work as a workload would: adds an item, claims one, starts and completes it, over and over, and notes everything that did not go
 * well. It retries nothing.
 */
final class Worker implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LocalPortForward forward;
    private final String node;
    private final String token;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> added = new CopyOnWriteArrayList<>();
    private final List<String> completed = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean ended;

    Worker(LocalPortForward forward, String node, String token) {
        this.forward = forward;
        this.node = node;
        this.token = token;
        this.thread = Thread.ofPlatform().daemon().name("worker-" + node).unstarted(this::work);
    }

    Worker start() {
        thread.start();
        return this;
    }

    /** Every item that was acknowledged as added. */
    List<String> added() {
        return List.copyOf(added);
    }

    /** Every item that was acknowledged as completed, in that order. */
    List<String> completed() {
        return List.copyOf(completed);
    }

    /** What did not go well. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    /** Works no more; the round that it is in is ended. */
    void end() {
        ended = true;
        try {
            if (thread.isAlive()) {
                thread.join(Duration.ofSeconds(40));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end();
        try {
            forward.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void work() {
        while (!ended) {
            try {
                added.add(post("/work", "{\"work_type\": \"test\"}")
                        .at("/items/0/work_id")
                        .asText());
                JsonNode claimed = post("/work/claim", "{\"node_id\": \"%s\"}".formatted(node));
                for (JsonNode item : claimed.path("items")) {
                    String id = item.path("work_id").asText();
                    post("/work/" + id + "/start", "{\"node_id\": \"%s\"}".formatted(node));
                    post("/work/" + id + "/complete", "{\"node_id\": \"%s\"}".formatted(node));
                    completed.add(id);
                }
            } catch (IOException failed) {
                errors.add(failed.toString());
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    /** Fails unless it is answered with success. */
    JsonNode post(String path, String body) throws IOException, InterruptedException {
        var request = request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return answer(request);
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return answer(request(path).GET());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + forward.getLocalPort() + path))
                .timeout(Duration.ofSeconds(35))
                .header("Authorization", "Bearer " + token);
    }

    private JsonNode answer(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpRequest made = request.build();
        var response = http.send(made, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(
                    made.method() + " " + made.uri().getPath() + ": " + response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body());
    }
}
