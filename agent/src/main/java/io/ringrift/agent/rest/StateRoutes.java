package io.ringrift.agent.rest;

import static io.ringrift.agent.rest.Check.anything;
import static io.ringrift.agent.rest.Check.digits;
import static io.ringrift.agent.rest.Check.nodeId;
import static io.ringrift.agent.rest.Check.object;
import static io.ringrift.agent.rest.Check.oneOf;
import static io.ringrift.agent.rest.Check.text;
import static io.ringrift.agent.rest.Check.texts;
import static io.ringrift.agent.rest.Check.whole;
import static io.ringrift.agent.rest.Shape.optional;
import static io.ringrift.agent.rest.Shape.required;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The table of the routes on replicated state and of Raft's operations, with what each takes. */
final class StateRoutes {
    private static final int ID = 128;
    private static final int KEY = 512;
    private static final long DAY_SECONDS = 86_400;
    private static final Check CONSISTENCY = oneOf("linearizable", "stale");
    private static final Check LIMIT = digits(1, 1000);
    private static final Map<String, Check> FENCED = Map.of("Ringrift-Epoch", digits(0, Long.MAX_VALUE));
    private static final Map<String, Check> FENCED_ONCE =
            Map.of("Ringrift-Epoch", digits(0, Long.MAX_VALUE), "Idempotency-Key", text(ID));

    private final StateApi state;

    StateRoutes(StateApi state) {
        this.state = state;
    }

    List<Route> table() {
        return List.of(
                change(
                        "PUT",
                        "/kv/{key}",
                        Shape.of(required("value", anything()), optional("if_version", whole(0, Long.MAX_VALUE)))),
                read("/kv/{key}", Map.of()),
                change("DELETE", "/kv/{key}"),
                read("/kv", Map.of("prefix", text(KEY), "limit", LIMIT, "after", text(KEY))),
                change("POST", "/work", workItem().orMany()),
                change(
                        "POST",
                        "/work/claim",
                        Shape.of(
                                required("node_id", nodeId()),
                                optional("work_types", texts(100, ID)),
                                optional("max", whole(1, 1000)),
                                optional("wait_seconds", whole(0, 30)))),
                change("POST", "/work/{id}/start", Shape.of(required("node_id", nodeId()))),
                change(
                        "POST",
                        "/work/{id}/complete",
                        Shape.of(required("node_id", nodeId()), optional("result", anything()))),
                change(
                        "POST",
                        "/work/{id}/fail",
                        Shape.of(required("node_id", nodeId()), optional("error", anything()))),
                read("/work/stats", Map.of()),
                read("/work/{id}", Map.of()),
                read(
                        "/work",
                        Map.of(
                                "status", oneOf("pending", "claimed", "running", "completed", "failed"),
                                "node", nodeId(),
                                "limit", LIMIT,
                                "after", text(ID))),
                change(
                        "PUT",
                        "/jobs/{id}",
                        Shape.of(required("node_id", nodeId())).withMore()),
                changeMaybe("/jobs/{id}/start", Shape.anyObject()),
                changeMaybe("/jobs/{id}/complete", Shape.anyObject()),
                read("/jobs", Map.of("node", nodeId())),
                change(
                        "POST",
                        "/locks/{name}/acquire",
                        Shape.of(
                                required("owner", text(ID)),
                                optional("ttl_seconds", whole(1, DAY_SECONDS)),
                                optional("wait_seconds", whole(0, 30)))),
                change("POST", "/locks/{name}/renew", ownedLock()),
                change("POST", "/locks/{name}/release", ownedLock()),
                read("/locks/{name}", Map.of()),
                changeMaybe("/raft/transfer", Shape.of(optional("to", nodeId()))),
                change("POST", "/raft/snapshot"),
                read("/raft/backup", Map.of()),
                route(
                        "POST",
                        "/raft/restore",
                        Route.Access.CHANGE,
                        new Body.Bytes(),
                        new Query(Map.of(), Map.of(), true)));
    }

    private static void checkVariables(String path, Request request) {
        Map<String, Object> problems = new HashMap<>();
        for (String name : PathTemplate.variables(path)) {
            Check check = text(name.equals("key") ? KEY : ID);
            if (!check.holds().test(request.path().get(name))) {
                problems.put(name, "must be " + check.allowed());
            }
        }
        Problems.refuse("parameter", problems);
    }

    private static Shape workItem() {
        return Shape.of(
                optional("work_id", text(ID)),
                required("work_type", text(ID)),
                optional("config", object()),
                optional("priority", whole(0, 1000)),
                optional("max_attempts", whole(1, 100)),
                optional("timeout_seconds", whole(1, 30 * DAY_SECONDS)));
    }

    private static Shape ownedLock() {
        return Shape.of(required("owner", text(ID)), required("token", whole(0, Long.MAX_VALUE)));
    }

    private Route read(String path, Map<String, Check> parameters) {
        Map<String, Check> known = new HashMap<>(parameters);
        known.put("consistency", CONSISTENCY);
        return route("GET", path, Route.Access.OPEN, Body.NONE, new Query(known, FENCED, true));
    }

    private Route change(String method, String path, Shape body) {
        return route(
                method, path, Route.Access.CHANGE, new Body.Json(body, true), new Query(Map.of(), FENCED_ONCE, true));
    }

    /** A POST whose body may be left out. */
    private Route changeMaybe(String path, Shape body) {
        return route(
                "POST", path, Route.Access.CHANGE, new Body.Json(body, false), new Query(Map.of(), FENCED_ONCE, true));
    }

    private Route change(String method, String path) {
        return route(method, path, Route.Access.CHANGE, Body.NONE, new Query(Map.of(), FENCED_ONCE, true));
    }

    private Route route(String method, String path, Route.Access access, Body body, Query query) {
        return new Route(method, path, access, body, query, request -> {
            checkVariables(path, request);
            return state.answer(method, path, request);
        });
    }
}
