package io.ringrift.agent.rest;

import static io.ringrift.agent.rest.Check.nodeId;
import static io.ringrift.agent.rest.Check.oneOf;
import static io.ringrift.agent.rest.Shape.optional;
import static io.ringrift.agent.rest.Shape.required;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The table of Raft's operations. */
final class RaftRoutes {
    /** The one exception from the limit of bodies: a backup is restored whole. */
    private static final int MAX_BACKUP = 16 * Body.MAX_BYTES;

    private final RaftApi raft;

    RaftRoutes(RaftApi raft) {
        this.raft = raft;
    }

    List<Route> table() {
        return List.of(
                change(
                        "/raft/transfer",
                        new Body.Json(Shape.of(optional("to", nodeId())), false),
                        request -> raft.transfer(to(request), false).map(Reply::ok)),
                change(
                        "/raft/snapshot",
                        Body.NONE,
                        request -> raft.snapshot(false).map(Reply::ok)),
                new Route(
                        "GET",
                        "/raft/backup",
                        Route.Access.OPEN,
                        Body.NONE,
                        new Query(Map.of("consistency", oneOf("linearizable", "stale")), Map.of(), true),
                        request -> raft.backup("stale".equals(request.query().get("consistency")), false)
                                .map(RaftRoutes::binary)),
                change(
                        "/raft/restore",
                        new Body.Bytes(MAX_BACKUP),
                        request -> raft.restore((Buffer) request.body())
                                .map(done -> Reply.ok(new JsonObject().put("restored", true)))),
                new Route(
                        "POST",
                        "/cluster/raft",
                        Route.Access.PEER,
                        new Body.Json(
                                Shape.of(
                                        required("operation", oneOf("transfer", "snapshot", "backup")),
                                        optional("to", nodeId())),
                                true),
                        Query.ANY,
                        this::handed));
    }

    private static Route change(String path, Body body, Function<Request, Future<Reply>> handler) {
        return new Route("POST", path, Route.Access.CHANGE, body, Query.NONE, handler);
    }

    private Future<Reply> handed(Request request) {
        return switch (((JsonObject) request.body()).getString("operation")) {
            case "transfer" -> raft.transfer(to(request), true).map(Reply::ok);
            case "snapshot" -> raft.snapshot(true).map(Reply::ok);
            default -> raft.backup(false, true).map(RaftRoutes::binary);
        };
    }

    private static Optional<String> to(Request request) {
        return Optional.ofNullable(((JsonObject) request.body()).getString("to"));
    }

    private static Reply binary(Buffer content) {
        return new Reply.Document(200, "application/octet-stream", content);
    }
}
