package io.ringrift.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringrift.agent.config.Secret;
import io.ringrift.agent.membership.Address;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeerTransportTest {
    private static final JsonObject MESSAGE = new JsonObject().put("a", 1);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final Vertx vertx = Vertx.vertx();
    private final PeerTransport transport =
            new PeerTransport(vertx, Optional.empty(), () -> Optional.of(new Secret("credential")));
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Throwable> unhandled = new CopyOnWriteArrayList<>();

    @BeforeEach
    void noteWhatWouldBeLoggedAsAnError() {
        vertx.exceptionHandler(unhandled::add);
    }

    @AfterEach
    void close() {
        transport.close().await();
        vertx.close().await();
        assertThat(unhandled).isEmpty();
    }

    @Test
    void givesTheAnswer() {
        Address server = server(
                request -> request.body().onSuccess(body -> request.response().end(body)));
        assertThat(transport.post(server, MESSAGE, Duration.ofSeconds(10)).await())
                .isEqualTo(MESSAGE);
    }

    @Test
    void sendsTheCredential() {
        Address server = server(request -> request.response()
                .end(new JsonObject()
                        .put("got", request.getHeader("Authorization"))
                        .toBuffer()));
        assertThat(transport
                        .post(server, MESSAGE, Duration.ofSeconds(10))
                        .await()
                        .getString("got"))
                .isEqualTo("Bearer credential");
    }

    @Test
    void aRefusalSaysWhyAndItsConnectionServesOn() {
        Address server = server(request -> request.response()
                .setStatusCode(401)
                .end(new JsonObject().put("error", "Not the credential.").toBuffer()));
        for (int i = 0; i < 5; i++) {
            Throwable cause = result(transport.post(server, MESSAGE, Duration.ofSeconds(10)))
                    .cause();
            assertThat(cause).isInstanceOf(PeerRefusal.class).hasMessage("HTTP status 401, Not the credential.");
        }
        assertThat(connections).hasValue(1);
    }

    @Test
    void afterSilenceItServesOn() {
        AtomicInteger asked = new AtomicInteger();
        Address server = server(request -> {
            if (asked.incrementAndGet() > 3) {
                request.response().end("{}");
            }
        });
        for (int i = 0; i < 3; i++) {
            assertFails(transport.post(server, MESSAGE, SHORT), "imeout");
        }
        assertThat(transport.post(server, MESSAGE, Duration.ofSeconds(10)).await())
                .isEmpty();
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
                .connectionHandler(opened -> connections.incrementAndGet())
                .exceptionHandler(broken -> {})
                .requestHandler(request -> {
                    request.exceptionHandler(broken -> {});
                    request.response().exceptionHandler(broken -> {});
                    handler.accept(request);
                })
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
