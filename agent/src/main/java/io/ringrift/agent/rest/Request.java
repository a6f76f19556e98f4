package io.ringrift.agent.rest;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A request that passed every check, as a route's handler sees it.
 *
 * @param path the values of the template's variables, decoded
 * @param query decoded
 * @param body what {@link Body} of the route made of it: a JSON value, bytes, or null where the route takes none
 * @param remoteHost the literal address of the other end
 * @param client tells, where it is asked, when whoever sent this has gone before it was answered
 */
record Request(
        Map<String, String> path,
        MultiMap query,
        MultiMap headers,
        Object body,
        String remoteHost,
        Supplier<Future<Void>> client) {}
