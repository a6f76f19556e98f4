package io.ringrift.agent.rest;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every route there is. */
record RouteTable(List<Route> routes) {

    /** What is asked for thousands of times a second comes first: the router tries one path after the other. */
    static RouteTable of(AgentRoutes agent, SwimRoutes swim, StateRoutes state, RaftRoutes raft) {
        return new RouteTable(Stream.of(state.table(), agent.table(), swim.table(), raft.table())
                .flatMap(RouteTable::fixedFirst)
                .toList());
    }

    /** /work/stats is no work item. No path of another table has one of this table's variables in it. */
    private static Stream<Route> fixedFirst(List<Route> table) {
        return Stream.concat(
                table.stream().filter(route -> route.variables().isEmpty()),
                table.stream().filter(route -> !route.variables().isEmpty()));
    }

    /** Path template to method to route, in the order in which paths are tried. */
    Map<String, Map<String, Route>> byPath() {
        Map<String, Map<String, Route>> byPath = new LinkedHashMap<>();
        routes.forEach(route -> byPath.computeIfAbsent(route.path(), path -> new LinkedHashMap<>())
                .put(route.method(), route));
        return byPath;
    }

    Router router(Vertx vertx, Dispatcher dispatcher) {
        Router router = Router.router(vertx);
        router.route().failureHandler(dispatcher::failed);
        byPath().forEach((template, byMethod) -> {
            var route = PathTemplate.variables(template).isEmpty()
                    ? router.route(template)
                    : router.routeWithRegex(PathTemplate.regex(template));
            route.handler(context -> dispatcher.dispatch(context, template, byMethod));
        });
        router.route().handler(context -> dispatcher.notFound(context.request()));
        return router;
    }

    /**
     * Whether the router can decode the path. One that it cannot is better refused before: after its own error handlers Vert.x-Web wants the
     * answer to have ended.
     */
    static boolean isDecodable(String path) {
        for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 1)) {
            if (at + 2 >= path.length()
                    || Character.digit(path.charAt(at + 1), 16) < 0
                    || Character.digit(path.charAt(at + 2), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /** What to say to a request that is no HTTP or too long. */
    static ApiException malformed(HttpServerRequest request) {
        return switch (request.decoderResult().cause()) {
            case TooLongHttpLineException line ->
                new ApiException(ErrorCode.URI_TOO_LONG, "The request line is longer than 8 KiB.");
            case TooLongHttpHeaderException header ->
                new ApiException(ErrorCode.HEADERS_TOO_LARGE, "The headers are larger than 16 KiB.");
            case null, default -> new ApiException(ErrorCode.INVALID_REQUEST, "This is not a valid HTTP request.");
        };
    }
}
