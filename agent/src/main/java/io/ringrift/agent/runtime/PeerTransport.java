package io.ringrift.agent.runtime;

import io.ringrift.agent.config.Secret;
import io.ringrift.agent.membership.Address;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.ClientSSLOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Sends requests to other agents, messages ({@code POST /cluster/messages}) above all, the answer in the response. Bounded in every direction: requests
 * under way to one address, time, and the size of an answer. Thread-safe.
 */
public final class PeerTransport {
    /** Where agents take messages. */
    public static final String PATH = "/cluster/messages";

    /** The largest message in bytes. */
    public static final int MAX_BYTES = 1 << 20;

    private static final int CONNECT_MILLIS = 3_000;
    private static final int IDLE_SECONDS = 60;

    private final Limits limits;
    private final HttpClientAgent client;
    private final Supplier<Optional<Secret>> token;
    private final Map<Address, Integer> underWay = new ConcurrentHashMap<>();

    /**
     * What one peer may cost at most.
     *
     * @param requests under way at once
     * @param answerBytes the largest answer
     */
    public record Limits(int requests, int connections, int answerBytes) {
        /** A poll, a heartbeat and an election may be under way at once; more means that nobody is there. */
        public static final Limits MESSAGES = new Limits(8, 4, MAX_BYTES);
    }

    /** Nothing was sent, so whoever was to be asked has done nothing. */
    public static final class NotSent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private NotSent(String message) {
            super(message, null, false, false);
        }
    }

    /** A transport for messages. */
    public PeerTransport(Vertx vertx, Optional<ClientSSLOptions> tls, Supplier<Optional<Secret>> token) {
        this(vertx, Limits.MESSAGES, tls, token);
    }

    /**
     * @param tls how to speak TLS to peers; empty: plain HTTP
     * @param token the cluster's credential as it is now; empty: none is sent
     */
    public PeerTransport(Vertx vertx, Limits limits, Optional<ClientSSLOptions> tls, Supplier<Optional<Secret>> token) {
        this.limits = limits;
        this.token = token;
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(tls.isPresent())
                .setVerifyHost(false)
                // For all requests alike: as a request's own option, Vert.x 5.1.1 fails a promise twice when it runs
                // out.
                .setConnectTimeout(CONNECT_MILLIS)
                .setIdleTimeout(IDLE_SECONDS)
                .setMaxHeaderSize(8_192);
        var builder = vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(limits.connections()).setMaxWaitQueueSize(limits.requests()));
        tls.ifPresent(builder::with);
        this.client = builder.build();
    }

    /** Takes renewed certificates for connections to come. */
    public Future<Void> updateTls(ClientSSLOptions tls) {
        return client.updateSSLOptions(tls).mapEmpty();
    }

    /**
     * What came back.
     *
     * @param status HTTP's
     */
    public record Answer(int status, Buffer body) {}

    /** Sends a message; fails with {@link PeerRefusal} where what answers refuses it, else where there is no answer in time. */
    public Future<JsonObject> post(Address to, JsonObject message, Duration timeout) {
        return exchange(to, Ask.post(PATH, "application/json", message.toBuffer()), timeout)
                .compose(PeerTransport::content);
    }

    /**
     * What to ask for.
     *
     * @param contentType of the body; empty where there is none
     */
    public record Ask(HttpMethod method, String uri, Optional<String> contentType, Buffer body) {
        static Ask get(String uri) {
            return new Ask(HttpMethod.GET, uri, Optional.empty(), Buffer.buffer());
        }

        /** With a body. */
        public static Ask post(String uri, String contentType, Buffer body) {
            return new Ask(HttpMethod.POST, uri, Optional.of(contentType), body);
        }
    }

    /** Asks; fails where there is no whole answer in time, with {@link NotSent} or a failed connection where nothing was sent. */
    public Future<Answer> exchange(Address to, Ask ask, Duration timeout) {
        if (underWay.merge(to, 1, Integer::sum) > limits.requests()) {
            finished(to);
            return Future.failedFuture(new NotSent(to + ": " + limits.requests() + " requests are under way already"));
        }
        long millis = Math.max(1, timeout.toMillis());
        RequestOptions options = new RequestOptions()
                .setMethod(ask.method())
                .setHost(to.host())
                .setPort(to.port())
                .setURI(ask.uri())
                .setIdleTimeout(millis);
        Exchange exchange = new Exchange();
        return client.request(options)
                .compose(request -> exchange.run(request, ask))
                .timeout(millis, TimeUnit.MILLISECONDS)
                .recover(failed -> Future.failedFuture(exchange.abandon() ? failed : unsent(failed)))
                .onComplete(done -> finished(to));
    }

    /** Closes every connection. */
    public Future<Void> close() {
        return client.close();
    }

    private void finished(Address to) {
        underWay.computeIfPresent(to, (address, count) -> count > 1 ? count - 1 : null);
    }

    /** One request and its answer. Its connection serves the next one only where the answer came whole. */
    private final class Exchange {
        private HttpClientRequest request;
        private boolean abandoned;

        private synchronized Future<Answer> run(HttpClientRequest connected, Ask ask) {
            request = connected;
            // Whoever waits for the answer is told; Vert.x would log it as an error besides.
            request.exceptionHandler(broken -> {});
            if (abandoned) {
                request.reset();
                return Future.failedFuture(new NotSent("too late"));
            }
            token.get().ifPresent(secret -> request.putHeader("Authorization", "Bearer " + secret.reveal()));
            ask.contentType().ifPresent(type -> request.putHeader("Content-Type", type));
            return (ask.contentType().isPresent() ? request.send(ask.body()) : request.send())
                    .compose(response -> body(response).map(body -> new Answer(response.statusCode(), body)));
        }

        /** Whether anything may have been sent. */
        private synchronized boolean abandon() {
            abandoned = true;
            if (request != null) {
                request.reset();
            }
            return request != null;
        }

        private Future<Buffer> body(HttpClientResponse response) {
            Promise<Buffer> body = Promise.promise();
            Buffer collected = Buffer.buffer();
            response.exceptionHandler(body::tryFail);
            response.handler(chunk -> {
                if (collected.length() + chunk.length() > limits.answerBytes()) {
                    body.tryFail("the answer is larger than " + limits.answerBytes() + " bytes");
                } else {
                    collected.appendBuffer(chunk);
                }
            });
            response.endHandler(end -> body.tryComplete(collected));
            return body.future();
        }
    }

    /** A time-out while connecting: the other failures before anything is sent say so themselves. */
    private static Throwable unsent(Throwable failure) {
        return failure instanceof TimeoutException ? new NotSent(failure.getMessage()) : failure;
    }

    private static Future<JsonObject> content(Answer answer) {
        try {
            JsonObject json = answer.body().toJsonObject();
            return answer.status() == 200
                    ? Future.succeededFuture(json)
                    : Future.failedFuture(new PeerRefusal(answer.status(), json.getString("error", "")));
        } catch (DecodeException | ClassCastException noJson) {
            return Future.failedFuture(new PeerRefusal(answer.status(), "what came is no JSON object"));
        }
    }
}
