package io.ringrift.agent.rest;

import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.swim.WhyEntry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** The table of the routes that SWIM itself uses over TCP, and of the one that explains its verdicts. */
final class SwimRoutes {
    private static final String BINARY = "application/octet-stream";

    private final Supplier<AgentView> view;
    private final SwimApi swim;
    private final WallClock times;

    SwimRoutes(Supplier<AgentView> view, SwimApi swim, WallClock times) {
        this.view = view;
        this.swim = swim;
        this.times = times;
    }

    List<Route> table() {
        return List.of(
                Route.read("/swim/instance", request -> Reply.ok(instance())),
                new Route("POST", "/swim/sync", Route.Access.PEER, new Body.Bytes(), Query.ANY, this::sync),
                new Route("GET", "/members/{id}/why", Route.Access.OPEN, Body.NONE, Query.ANY, this::why));
    }

    private JsonObject instance() {
        OptionalLong running = swim.instance().get();
        return new JsonObject()
                .put("node_id", view.get().nodeId())
                .put("instance", running.isPresent() ? hex(running.getAsLong()) : null);
    }

    private Future<Reply> sync(Request request) {
        if (swim.instance().get().isEmpty()) {
            return Future.failedFuture(new ApiException(ErrorCode.NOT_READY, "SWIM does not run here."));
        }
        return swim.sync()
                .apply(((Buffer) request.body()).getBytes())
                .map(answer -> new Reply.Document(
                        200,
                        BINARY,
                        answer.map(Buffer::buffer)
                                .orElseThrow(() -> new ApiException(
                                        ErrorCode.INVALID_REQUEST,
                                        "This is no request of the exchange to the instance that runs here."))));
    }

    private Future<Reply> why(Request request) {
        String nodeId = request.path().get("id");
        AgentView seen = view.get();
        Optional<Member> member = seen.members().stream()
                .filter(each -> each.nodeId().equals(nodeId))
                .findFirst();
        return swim.why().apply(nodeId).map(steps -> {
            if (member.isEmpty() && steps.isEmpty()) {
                throw new ApiException(ErrorCode.NOT_FOUND, "No member of this name is known here.");
            }
            return Reply.ok(why(nodeId, member, steps));
        });
    }

    private JsonObject why(String nodeId, Optional<Member> member, List<WhyEntry> steps) {
        JsonArray list = new JsonArray();
        steps.forEach(step -> list.add(new JsonObject()
                .put("at", times.at(step.at()))
                .put("step", step.step().token())
                .put("by", step.by())
                .put("detail", step.detail())
                .put("took_seconds", step.took().toMillis() / 1000.0)));
        JsonObject document = new JsonObject()
                .put("node_id", nodeId)
                .put("state", member.map(known -> known.state().name()).orElse(null))
                .put("source", member.map(known -> known.source().token()).orElse(null))
                .put("since", member.map(known -> times.at(known.since())).orElse(null))
                .put("steps", list);
        if (steps.isEmpty()) {
            boolean byHttp =
                    member.filter(known -> known.source() == Member.Source.HTTP).isPresent();
            document.put(
                    "message",
                    byHttp
                            ? "HTTP polling says so: this node alone, by how long the member has been silent."
                            : "SWIM never held anything against this member.");
        }
        return document;
    }

    private static String hex(long instance) {
        return HexFormat.of().toHexDigits(instance);
    }
}
