package io.ringrift.agent.rest;

import io.ringrift.agent.rest.ConnectionTable.Phase;
import io.ringrift.agent.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Writes answers. On the server's event loop only. */
final class Responder {
    /** What may wait in memory for readers to take it, all connections together. */
    private static final long MAX_UNSENT_BYTES = 8 << 20;

    /** What a connection that has room may take without being asked. */
    private static final int SMALL_BYTES = 8 << 10;

    private static final Set<String> COUNTED_METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE");

    private final Metrics metrics;
    private final ConnectionGuard guard;
    private final Supplier<Duration> clock;
    private long unsentBytes;
    private boolean draining;

    Responder(Metrics metrics, ConnectionGuard guard, Supplier<Duration> clock) {
        this.metrics = metrics;
        this.guard = guard;
        this.clock = clock;
    }

    /** From now on every answer is the last one on its connection, so that nobody sends another request into its end. */
    void drain() {
        draining = true;
    }

    void answer(Exchange exchange, Reply reply) {
        switch (reply) {
            case Reply.Document document -> document(exchange, document);
            case Reply.Stream stream -> stream(exchange, stream);
        }
    }

    void fail(Exchange exchange, ApiException error) {
        HttpServerResponse response = exchange.request().response();
        if (error.code() == ErrorCode.UNAUTHORIZED) {
            response.putHeader("WWW-Authenticate", "Bearer realm=\"ringrift\"");
        }
        answer(exchange, Reply.json(error.code().status(), error.body()));
    }

    void methodNotAllowed(Exchange exchange, Set<String> methods) {
        Set<String> allowed = new TreeSet<>(methods);
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        String list = String.join(", ", allowed);
        exchange.request().response().putHeader(HttpHeaders.ALLOW, list);
        fail(
                exchange,
                new ApiException(
                        ErrorCode.METHOD_NOT_ALLOWED,
                        "This path takes " + list + ".",
                        new JsonObject().put("allow", list)));
    }

    private void document(Exchange exchange, Reply.Document document) {
        HttpServerRequest request = exchange.request();
        HttpServerResponse response = request.response();
        count(exchange, document.status());
        if (response.closed() || response.ended()) {
            return;
        }
        Buffer content = document.content();
        response.setStatusCode(document.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, document.contentType())
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(content.length()))
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Content-Type-Options", "nosniff");
        guard.phase(exchange.connection(), Phase.SENDING);
        // What comes next may be the body or another request; nobody can tell, so the connection ends.
        boolean bodyMayNeverCome = !request.isEnded() && request.headers().contains(HttpHeaders.EXPECT);
        boolean last = bodyMayNeverCome || draining;
        if (last) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        // An answered request whose body still arrives stays in the phase SENDING: it may take a few seconds more, not
        // for ever.
        (request.method().equals(HttpMethod.HEAD) ? response.end() : send(response, content))
                .compose(sent -> {
                    if (last) {
                        return exchange.connection().close();
                    }
                    return request.isEnded() ? Future.succeededFuture() : request.end();
                })
                .onSuccess(over -> {
                    if (guard.phase(exchange.connection())
                            .filter(Phase.SENDING::equals)
                            .isPresent()) {
                        guard.phase(exchange.connection(), Phase.IDLE);
                    }
                });
    }

    /**
     * Ends an answer only when the connection has taken it, unless the connection has room for it anyway: until then Vert.x holds back the
     * requests behind it, so whoever asks without reading costs one answer's memory beside what a connection holds.
     */
    private Future<Void> send(HttpServerResponse response, Buffer content) {
        unsentBytes += content.length();
        if (unsentBytes > MAX_UNSENT_BYTES) {
            guard.cutSlowestReader();
        }
        boolean fits = content.length() <= SMALL_BYTES && !response.writeQueueFull();
        Future<Void> taken = fits ? response.end(content) : response.write(content);
        return taken.onComplete(over -> unsentBytes -= content.length())
                .compose(over -> fits ? Future.succeededFuture() : response.end());
    }

    private void stream(Exchange exchange, Reply.Stream stream) {
        HttpServerResponse response = exchange.request().response();
        count(exchange, 200);
        response.putHeader(HttpHeaders.CONTENT_TYPE, stream.contentType())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Accel-Buffering", "no");
        if (exchange.request().method().equals(HttpMethod.HEAD)) {
            guard.phase(exchange.connection(), Phase.IDLE);
            response.end();
            return;
        }
        guard.phase(exchange.connection(), Phase.STREAMING);
        stream.start().accept(exchange.request());
    }

    private void count(Exchange exchange, int status) {
        String method = exchange.request().method().name();
        metrics.requestServed(
                exchange.template(),
                COUNTED_METHODS.contains(method) ? method : "other",
                status,
                clock.get().minus(exchange.began()));
    }
}
