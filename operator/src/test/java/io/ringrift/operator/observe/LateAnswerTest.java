package io.ringrift.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.ringrift.operator.observe.AgentReply.Reported;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent's answer that was written before it took a document, and comes after it. */
class LateAnswerTest {
    private static final ResourceID CLUSTER = new ResourceID("late", "n");
    private static final long LATE_MILLIS = 100;

    private final Vertx vertx = Vertx.vertx();
    private final AgentSync sync = new AgentSync(vertx, Duration.ofMillis(200));
    private final AtomicInteger pushes = new AtomicInteger();
    private final AtomicBoolean holding = new AtomicBoolean();
    private volatile long generation = 1;
    private volatile Optional<Runnable> held = Optional.empty();
    private AgentEndpoint endpoint;

    @BeforeEach
    void start() {
        int port = vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        endpoint = new AgentEndpoint("late-0", "uid", "127.0.0.1", port);
        sync.setEventHandler(event -> {});
        sync.start();
    }

    @AfterEach
    void stop() {
        sync.stop();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void isNotTakenForWhatTheAgentRuns() {
        follow(1);
        await("it is known").until(() -> runs(1));
        holding.set(true);
        await("an answer is on its way").until(() -> held.isPresent());

        follow(2);
        await("it runs the other document").until(() -> runs(2));

        assertThat(pushes).hasValue(1);
    }

    private void follow(long wanted) {
        sync.follow(
                CLUSTER,
                List.of(endpoint),
                Optional.empty(),
                Map.of("late-0", new AgentDocument("token", wanted, Map.of("RINGRIFT_LOG_LEVEL", "INFO"))));
    }

    private boolean runs(long wanted) {
        return sync.replies(CLUSTER).orElse(Map.of()).get("late-0") instanceof Reported(AgentReport report)
                && report.runs(wanted);
    }

    private void answer(HttpServerRequest request) {
        switch (request.method() + " " + request.path()) {
            case "GET /status" -> status(request);
            case "PUT /config" ->
                request.body().onSuccess(body -> {
                    pushes.incrementAndGet();
                    generation = body.toJsonObject().getLong("generation");
                    request.response().end("{}");
                    held.ifPresent(late -> vertx.setTimer(LATE_MILLIS, due -> late.run()));
                });
            default -> request.response().setStatusCode(404).end();
        }
    }

    private void status(HttpServerRequest request) {
        String now = new JsonObject()
                .put("node_id", "late-0")
                .put("config", new JsonObject().put("generation", generation))
                .encode();
        if (holding.compareAndSet(true, false)) {
            held = Optional.of(() -> request.response().end(now));
        } else {
            request.response().end(now);
        }
    }
}
