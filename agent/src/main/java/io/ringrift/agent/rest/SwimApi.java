package io.ringrift.agent.rest;

import io.ringrift.agent.membership.swim.WhyEntry;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the routes need of SWIM beside the view. Called on the server's event loop.
 *
 * @param instance that runs here; empty while none does
 * @param sync answers a request of the full-state exchange; empty where it is none for the instance that runs here
 * @param why the steps that led to what SWIM holds of a node, eldest first
 */
public record SwimApi(
        Supplier<OptionalLong> instance,
        Function<byte[], Future<Optional<byte[]>>> sync,
        Function<String, Future<List<WhyEntry>>> why) {

    /** What there is while SWIM does not run. */
    public static SwimApi off() {
        return new SwimApi(
                OptionalLong::empty,
                body -> Future.succeededFuture(Optional.empty()),
                nodeId -> Future.succeededFuture(List.of()));
    }
}
