package io.ringrift.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringrift.agent.membership.Address;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerTransportTest {
    private static final JsonObject MESSAGE = new JsonObject().put("a", 1);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final Vertx vertx = Vertx.vertx();
    private final PeerTransport transport = new PeerTransport(vertx, Optional.empty(), Optional::empty);

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void givesTheAnswer() {
        Address server = server(
                request -> request.body().onSuccess(body -> request.response().end(body)));
        assertThat(transport.post(server, MESSAGE, Duration.ofSeconds(10)).await())
                .isEqualTo(MESSAGE);
    }

    @Test
    void doesNotWaitLongerThanItShould() {
        Address server = server(request -> {});
        assertFails(transport.post(server, MESSAGE, SHORT), "imeout");
    }

    @Test
    void takesNothingThatIsNoJsonObject() {
        for (String body : List.of("", "hello", "[1]", "{\"a\":", "null")) {
            Address server = server(request -> request.response().end(body));
            assertFails(transport.post(server, MESSAGE, Duration.ofSeconds(10)), "JSON");
        }
    }

    @Test
    void takesNoAnswerThatIsTooLarge() {
        Address server =
                server(request -> request.response().end(Buffer.buffer(new byte[PeerTransport.MAX_BYTES + 1])));
        assertFails(transport.post(server, MESSAGE, Duration.ofSeconds(10)), "larger");
    }

    @Test
    void anErrorIsNoAnswer() {
        Address server = server(request -> request.response().setStatusCode(401).end("{}"));
        assertFails(transport.post(server, MESSAGE, Duration.ofSeconds(10)), "401");
    }

    @Test
    void whoDoesNotAnswerIsNotAskedWithoutEnd() {
        Address server = server(request -> {});
        List<Future<JsonObject>> asked = IntStream.range(0, 20)
                .mapToObj(i -> transport.post(server, MESSAGE, SHORT))
                .toList();
        assertThat(asked)
                .filteredOn(
                        answer -> answer.failed() && answer.cause().getMessage().contains("under way"))
                .hasSize(12);
        asked.forEach(answer -> await().until(answer::isComplete));
        assertFails(transport.post(server, MESSAGE, SHORT), "imeout");
    }

    @Test
    void whereNobodyListensItFails() {
        assertThat(result(transport.post(new Address("127.0.0.1", 1), MESSAGE, Duration.ofSeconds(10)))
                        .failed())
                .isTrue();
    }

    private Address server(Consumer<HttpServerRequest> handler) {
        int port = vertx.createHttpServer()
                .requestHandler(handler::accept)
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
        return new Address("127.0.0.1", port);
    }

    private static Future<JsonObject> result(Future<JsonObject> answer) {
        await().until(answer::isComplete);
        return answer;
    }

    private static void assertFails(Future<JsonObject> answer, String how) {
        assertThat(result(answer).cause()).hasMessageContaining(how);
    }
}
