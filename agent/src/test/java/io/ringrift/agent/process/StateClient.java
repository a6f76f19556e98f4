package io.ringrift.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A user of one agent's replicated state. */
final class StateClient {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final AgentProcess agent;

    StateClient(AgentProcess agent) {
        this.agent = agent;
    }

    /** What came back. */
    record Answer(int status, String text) {
        JsonObject json() {
            return new JsonObject(text);
        }

        JsonObject expect(int wanted) {
            assertThat(status).as(text).isEqualTo(wanted);
            return json();
        }
    }

    Answer get(String path) {
        return send("GET", path, "");
    }

    Answer put(String path, String body) {
        return send("PUT", path, body);
    }

    Answer post(String path, String body) {
        return send("POST", path, body);
    }

    byte[] bytes(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + agent.port() + path))
                .timeout(Duration.ofSeconds(40))
                .build();
        try {
            HttpResponse<byte[]> response = HTTP.send(request, BodyHandlers.ofByteArray());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Answer upload(String path, byte[] body) {
        try {
            return exchange("POST", path, HttpRequest.BodyPublishers.ofByteArray(body));
        } catch (IOException e) {
            throw new UncheckedIOException("POST " + path + " at " + agent.nodeId(), e);
        }
    }

    String nodeId() {
        return agent.nodeId();
    }

    Answer send(String method, String path, String body, String... headers) {
        try {
            return trySend(method, path, body, headers);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path + " at " + agent.nodeId(), e);
        }
    }

    /** @throws IOException where no answer came */
    Answer trySend(String method, String path, String body, String... headers) throws IOException {
        return exchange(method, path, HttpRequest.BodyPublishers.ofString(body), headers);
    }

    private Answer exchange(String method, String path, HttpRequest.BodyPublisher body, String... headers)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + agent.port() + path))
                .timeout(Duration.ofSeconds(40))
                .method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
