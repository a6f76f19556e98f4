package io.ringrift.agent.history;

import io.ringrift.agent.process.AgentProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Asks one agent after the other until it knows, and tells apart what surely was not done from what may have been. */
final class StateClient {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final long PAUSE = 20_000_000;
    /** What the API promises to be surely not applied. */
    private static final Set<Integer> NOT_DONE = Set.of(401, 429, 503);

    private final List<AgentProcess> agents;
    private final SplittableRandom random;

    StateClient(List<AgentProcess> agents, SplittableRandom random) {
        this.agents = agents;
        this.random = random;
    }

    sealed interface Outcome {
        record Answered(int status, JsonObject body) implements Outcome {}

        record NotDone(String why) implements Outcome {}

        record Unknown(String why) implements Outcome {}
    }

    /** Asks one agent once. */
    Outcome once(String method, String path, String body) {
        return send(any(), method, path, body, Optional.empty());
    }

    /** Asks until an answer tells what happened, under one idempotency key, or until the patience is at its end. */
    Outcome untilKnown(String method, String path, String body, String key, Duration patience) {
        return untilKnown(method, path, body, Optional.of(key), patience);
    }

    private Outcome untilKnown(String method, String path, String body, Optional<String> key, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        boolean mayBeDone = false;
        while (true) {
            Outcome outcome = send(any(), method, path, body, key);
            mayBeDone |= outcome instanceof Outcome.Unknown;
            if (outcome instanceof Outcome.Answered) {
                return outcome;
            }
            if (System.nanoTime() > end) {
                return mayBeDone ? new Outcome.Unknown("patience") : outcome;
            }
            LockSupport.parkNanos(PAUSE);
        }
    }

    /** Reads until somebody answers. */
    Outcome untilAnswered(String path) {
        return untilKnown("GET", path, "", Optional.empty(), Duration.ofMinutes(2));
    }

    private AgentProcess any() {
        return agents.get(random.nextInt(agents.size()));
    }

    private static Outcome send(AgentProcess agent, String method, String path, String body, Optional<String> key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + agent.host() + ":" + agent.port() + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + HistoryCluster.TOKEN)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        key.ifPresent(some -> request.header("Idempotency-Key", some));
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            String text = response.body();
            if (NOT_DONE.contains(response.statusCode())) {
                return new Outcome.NotDone(text);
            }
            return response.statusCode() >= 500
                    ? new Outcome.Unknown(text)
                    : new Outcome.Answered(response.statusCode(), new JsonObject(text));
        } catch (ConnectException | HttpConnectTimeoutException notSent) {
            return new Outcome.NotDone(notSent.toString());
        } catch (IOException broken) {
            return new Outcome.Unknown(broken.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Unknown("interrupted");
        }
    }
}
