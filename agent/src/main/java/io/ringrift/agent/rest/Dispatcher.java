package io.ringrift.agent.rest;

import io.ringrift.agent.rest.ConnectionTable.Phase;
import io.ringrift.agent.telemetry.RateLimitedLog;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Takes a request through its checks in the order that clients rely on (404 is the router's, then 405, 401, 413, 400, 503) and to its handler.
 * On the server's event loop only.
 */
final class Dispatcher {
    /** Longer than any request may ask to wait, and than a leader may take to be replaced. */
    private static final Duration HANDLING = Duration.ofSeconds(45);

    private final AccessRules access;
    private final Responder responder;
    private final ConnectionGuard guard;
    private final Supplier<Duration> clock;
    private final System.Logger log;
    private final RateLimitedLog limited;
    private final BodyReader bodies = new BodyReader();
    private final TimeLimit handlers;

    Dispatcher(
            AccessRules access,
            Responder responder,
            ConnectionGuard guard,
            Supplier<Duration> clock,
            System.Logger log) {
        this.access = access;
        this.responder = responder;
        this.guard = guard;
        this.clock = clock;
        this.log = log;
        this.limited = new RateLimitedLog(log, clock, 10);
        this.handlers = new TimeLimit(HANDLING, clock);
    }

    /** Ends requests whose handlers take too long; to be called about once a second. */
    void look() {
        handlers.look();
    }

    /**
     * @param template as in the table of routes
     * @param byMethod the routes of that template
     */
    void dispatch(RoutingContext context, String template, Map<String, Route> byMethod) {
        HttpServerRequest request = context.request();
        Exchange exchange = begin(request, template);
        String method = request.method().name().equals("HEAD")
                ? "GET"
                : request.method().name();
        Route route = byMethod.get(method);
        if (route == null) {
            responder.methodNotAllowed(exchange, byMethod.keySet());
            return;
        }
        var refusal = access.refusal(route.access(), request.headers(), host(request), clock.get());
        if (refusal.isPresent()) {
            responder.fail(exchange, new ApiException(ErrorCode.UNAUTHORIZED, refusal.get()));
            return;
        }
        serve(exchange, route, context)
                .onSuccess(reply -> responder.answer(exchange, reply))
                .onFailure(cause -> responder.fail(exchange, sentence(cause, route)));
    }

    /** No route has this path. */
    void notFound(HttpServerRequest request) {
        Exchange exchange = begin(request, Exchange.UNMATCHED);
        responder.fail(
                exchange,
                new ApiException(
                        ErrorCode.NOT_FOUND, "There is nothing at this path; GET /openapi.json lists what there is."));
    }

    /** The request could not be understood before it came to a route. */
    void refuse(HttpServerRequest request, ApiException error) {
        responder.fail(begin(request, Exchange.UNMATCHED), error);
    }

    /** A request came in: to the router, unless that could do nothing with it. */
    void accept(HttpServerRequest request, Handler<HttpServerRequest> router) {
        String path = request.path();
        if (path == null || path.isEmpty() || !RouteTable.isDecodable(path)) {
            refuse(request, RouteTable.malformed(request));
        } else if (path.charAt(0) != '/') {
            notFound(request);
        } else {
            router.handle(request);
        }
    }

    /** The router gave up: the request is no proper one (it names no host, for example), or something in this program is wrong. */
    void failed(RoutingContext context) {
        ApiException error = context.statusCode() == ErrorCode.INVALID_REQUEST.status()
                ? RouteTable.malformed(context.request())
                : internal("A request", context.failure());
        refuse(context.request(), error);
    }

    private Exchange begin(HttpServerRequest request, String template) {
        guard.phase(request.connection(), Phase.ANSWERING);
        return new Exchange(request, template, clock.get());
    }

    private Future<Reply> serve(Exchange exchange, Route route, RoutingContext context) {
        if (route.body() instanceof Body.None) {
            return handle(context, route, Buffer.buffer());
        }
        guard.phase(exchange.connection(), Phase.RECEIVING);
        return bodies.read(exchange.request(), route.body().maxBytes()).compose(body -> {
            guard.phase(exchange.connection(), Phase.ANSWERING);
            return handle(context, route, body).onComplete(done -> bodies.release(body));
        });
    }

    private Future<Reply> handle(RoutingContext context, Route route, Buffer body) {
        HttpServerRequest request = context.request();
        try {
            MultiMap query = query(context);
            route.query().check(query, request.headers());
            Object content = route.body().check(request.headers(), body);
            Request checked = new Request(
                    context.pathParams(), query, request.headers(), content, host(request), () -> gone(request));
            return handlers.of(route.handler().apply(checked));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** Whoever is connected; no header says anything else here, and Vert.x-Web would look for one with every request. */
    private static String host(HttpServerRequest request) {
        return request.connection().remoteAddress().hostAddress();
    }

    private static Future<Void> gone(HttpServerRequest request) {
        Promise<Void> gone = Promise.promise();
        request.response().closeHandler(closed -> gone.tryComplete());
        return gone.future();
    }

    /** The parameters of the query alone: the request's own also have the variables of the path. */
    private static MultiMap query(RoutingContext context) {
        try {
            return context.queryParams();
        } catch (HttpException | IllegalArgumentException e) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "The query cannot be decoded.");
        }
    }

    private ApiException sentence(Throwable cause, Route route) {
        return switch (cause) {
            case ApiException known -> known;
            case TimeoutException late ->
                new ApiException(
                        ErrorCode.OUTCOME_UNKNOWN,
                        "No answer within " + HANDLING.toSeconds() + " seconds; the request may still take effect.");
            default -> internal(route.method() + " " + route.path(), cause);
        };
    }

    private ApiException internal(String what, Throwable cause) {
        limited.log(Level.ERROR, "internal", () -> what + " failed: " + cause);
        log.log(Level.DEBUG, "The failure in full", cause);
        return new ApiException(ErrorCode.INTERNAL, "The agent failed to answer; its log says why.", new JsonObject());
    }
}
