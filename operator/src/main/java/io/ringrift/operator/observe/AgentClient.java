package io.ringrift.operator.observe;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Talks to the agents of one cluster. With an authority it speaks TLS and trusts nobody else; host names are not verified,
 * because the authority is the cluster's own and pods are reached by address. Futures complete on the caller's event loop.
 */
final class AgentClient {
    private static final long TIMEOUT_MILLIS = 2_000;
    private static final int MOST_BYTES = 4 * 1024 * 1024;
    private static final int APPLIED = 200;
    private static final int REFUSED = 409;

    private static final int KEEP_ALIVE_SECONDS = 20;

    private final HttpClient http;

    /**
     * @param authority PEM of the cluster's CA; empty: plain HTTP
     * @param keeps connections stay open between requests; else there are never more than requests under way
     */
    AgentClient(Vertx vertx, Optional<String> authority, boolean keeps) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) TIMEOUT_MILLIS)
                .setIdleTimeout(30)
                .setKeepAlive(keeps)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setMaxPoolSize(3)
                .setMaxWaitQueueSize(4);
        authority.ifPresent(pem -> options.setSsl(true)
                .setVerifyHost(false)
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem))));
        this.http = vertx.createHttpClient(options);
    }

    /** What the agent says of itself. Fails with a phrase for humans as the exception's message. */
    Future<AgentReport> status(AgentEndpoint endpoint) {
        return send(endpoint, HttpMethod.GET, "/status", Optional.empty(), Optional.empty())
                .compose(answer -> answer.status() == APPLIED
                        ? Future.succeededFuture(StatusDocument.read(answer.body()))
                        : Future.failedFuture("answered " + answer.status() + " to GET /status"));
    }

    /**
     * Hands the document to the agent. Done when it was applied and when it was refused: what the agent made of it is found
     * in its status.
     */
    Future<Void> push(AgentEndpoint endpoint, AgentDocument document) {
        JsonObject body = new JsonObject().put("generation", document.generation());
        JsonObject keys = new JsonObject();
        document.keys().forEach(keys::put);
        body.put("keys", keys);
        return send(endpoint, HttpMethod.PUT, "/config", Optional.of(document.token()), Optional.of(body.toBuffer()))
                .compose(answer -> answer.status() == APPLIED || answer.status() == REFUSED
                        ? Future.succeededFuture()
                        : Future.failedFuture("answered " + answer.status() + " to PUT /config"));
    }

    /** Where its Raft peer is. */
    Future<RaftStanding> raft(AgentEndpoint endpoint) {
        return send(endpoint, HttpMethod.GET, "/raft/status", Optional.empty(), Optional.empty())
                .compose(answer -> answer.status() == APPLIED
                        ? Future.succeededFuture(StatusDocument.raft(answer.body()))
                        : Future.failedFuture("answered " + answer.status() + " to GET /raft/status"));
    }

    /** Has it give up Raft's leadership to that voter. Done when it agreed; it may still take a moment. */
    Future<Void> handOver(AgentEndpoint endpoint, String token, String successor) {
        Buffer body = new JsonObject().put("to", successor).toBuffer();
        return order(endpoint, token, "/raft/transfer", Optional.of(body));
    }

    /** Has it hand leadership over, whoever elected it, and stand no more. Done when another leads, or after two seconds. */
    Future<Void> drain(AgentEndpoint endpoint, String token) {
        return order(endpoint, token, "/drain", Optional.empty());
    }

    private Future<Void> order(AgentEndpoint endpoint, String token, String path, Optional<Buffer> body) {
        return send(endpoint, HttpMethod.POST, path, Optional.of(token), body)
                .compose(answer -> answer.status() / 100 == 2
                        ? Future.succeededFuture()
                        : Future.failedFuture("answered " + answer.status() + " to POST " + path));
    }

    /** Its events as they come; agents send a heartbeat every 15 s, so a connection that is silent for twice that is closed. */
    Future<HttpClientResponse> events(AgentEndpoint endpoint) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(endpoint.address())
                .setPort(endpoint.port())
                .setURI("/events")
                .putHeader("Accept", "text/event-stream");
        return http.request(options)
                .compose(HttpClientRequest::send)
                .compose(response -> response.statusCode() == APPLIED
                        ? Future.succeededFuture(response)
                        : Future.failedFuture("answered " + response.statusCode() + " to GET /events"));
    }

    void close() {
        http.close();
    }

    private Future<Answer> send(
            AgentEndpoint endpoint, HttpMethod method, String path, Optional<String> token, Optional<Buffer> body) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost(endpoint.address())
                .setPort(endpoint.port())
                .setURI(path)
                .setTimeout(TIMEOUT_MILLIS);
        token.ifPresent(value -> options.putHeader("Authorization", "Bearer " + value));
        body.ifPresent(value -> options.putHeader("Content-Type", "application/json"));
        return http.request(options)
                .compose(request -> body.isPresent() ? request.send(body.get()) : request.send())
                .compose(AgentClient::read)
                .timeout(2 * TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The whole body, unless it grows beyond what any agent sends: then the connection is closed. */
    private static Future<Answer> read(HttpClientResponse response) {
        Promise<Answer> answer = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(answer::tryFail);
        response.endHandler(end -> answer.tryComplete(new Answer(response.statusCode(), body.toString())));
        response.handler(chunk -> {
            if (body.length() + chunk.length() > MOST_BYTES) {
                answer.tryFail("sent more than " + MOST_BYTES + " bytes");
                response.request().connection().close();
            } else {
                body.appendBuffer(chunk);
            }
        });
        return answer.future();
    }

    private record Answer(int status, String body) {}
}
