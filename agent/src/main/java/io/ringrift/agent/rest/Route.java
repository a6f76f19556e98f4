package io.ringrift.agent.rest;

import io.vertx.core.Future;
import java.util.Set;
import java.util.function.Function;

/**
 * One line of the table of routes.
 *
 * @param path with variables in braces; a last variable named {@code key} takes the rest of the path, slashes included
 * @param query the parameters it knows; others are refused where {@code strictQuery}
 */
record Route(
        String method, String path, Access access, Body body, Query query, Function<Request, Future<Reply>> handler) {

    /** Who may call it. */
    enum Access {
        /** Reads are open inside the pod network. */
        OPEN,
        /** Changes need the credential; where there is none they are taken from loopback only. */
        CHANGE,
        /** As {@link #CHANGE}, and where there is no credential also from the addresses of known peers. */
        PEER
    }

    static Route read(String path, Function<Request, Reply> handler) {
        return new Route(
                "GET",
                path,
                Access.OPEN,
                Body.NONE,
                Query.ANY,
                request -> Future.succeededFuture(handler.apply(request)));
    }

    /** Names of the variables in the path. */
    Set<String> variables() {
        return PathTemplate.variables(path);
    }
}
