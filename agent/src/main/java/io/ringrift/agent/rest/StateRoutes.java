package io.ringrift.agent.rest;

import static io.ringrift.agent.rest.Check.anything;
import static io.ringrift.agent.rest.Check.digits;
import static io.ringrift.agent.rest.Check.flag;
import static io.ringrift.agent.rest.Check.leftOut;
import static io.ringrift.agent.rest.Check.nodeId;
import static io.ringrift.agent.rest.Check.object;
import static io.ringrift.agent.rest.Check.oneOf;
import static io.ringrift.agent.rest.Check.text;
import static io.ringrift.agent.rest.Check.texts;
import static io.ringrift.agent.rest.Check.whole;
import static io.ringrift.agent.rest.Shape.optional;
import static io.ringrift.agent.rest.Shape.required;

import io.ringrift.agent.state.Command;
import io.ringrift.agent.state.StateRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The table of the routes on replicated state, with what each takes and which command it is. */
final class StateRoutes {
    private static final int ID = 128;
    private static final int KEY = 512;
    private static final long DAY_SECONDS = 86_400;

    /** A batch of requests, or a single one of the largest size with what belongs to it. */
    private static final int MAX_FORWARDED = 2 * Body.MAX_BYTES;

    private static final String EPOCH = "Ringrift-Epoch";
    private static final String ONCE = "Idempotency-Key";
    private static final Check CONSISTENCY = oneOf("linearizable", "stale");
    private static final Check LIMIT = digits(1, 1000);
    private static final Map<String, Check> FENCED = Map.of(EPOCH, digits(0, Long.MAX_VALUE));
    private static final Map<String, Check> FENCED_ONCE = Map.of(EPOCH, digits(0, Long.MAX_VALUE), ONCE, text(ID));

    private final StateApi state;

    /** Makes a command of a request. */
    private interface Parse extends Function<Request, Command> {}

    StateRoutes(StateApi state) {
        this.state = state;
    }

    List<Route> table() {
        return List.of(
                change(
                        "PUT",
                        "/kv/{key}",
                        Shape.of(required("value", anything()), optional("if_version", whole(0, Long.MAX_VALUE))),
                        StateCommands::putKey),
                read("/kv/{key}", Map.of(), StateCommands::getKey),
                change("DELETE", "/kv/{key}", Body.NONE, StateCommands::deleteKey),
                read("/kv", page(Map.of("prefix", text(KEY), "after", text(KEY))), StateCommands::listKeys),
                change("POST", "/work", workItem().orMany(), StateCommands::addWork),
                change(
                        "POST",
                        "/work/claim",
                        Shape.of(
                                required("node_id", nodeId()),
                                optional("work_types", texts(100, ID)),
                                optional("max", whole(1, 1000)),
                                optional("wait_seconds", whole(0, 30))),
                        StateCommands::claimWork),
                change("POST", "/work/{id}/start", Shape.of(required("node_id", nodeId())), StateCommands::startWork),
                change(
                        "POST",
                        "/work/{id}/complete",
                        Shape.of(required("node_id", nodeId()), optional("result", anything())),
                        StateCommands::completeWork),
                change(
                        "POST",
                        "/work/{id}/fail",
                        Shape.of(required("node_id", nodeId()), optional("error", anything())),
                        StateCommands::failWork),
                read("/work/stats", Map.of(), StateCommands::countWork),
                read("/work/{id}", Map.of(), StateCommands::getWork),
                read(
                        "/work",
                        page(Map.of(
                                "status", oneOf("pending", "claimed", "running", "completed", "failed"),
                                "node", nodeId(),
                                "after", text(ID))),
                        StateCommands::listWork),
                change("PUT", "/jobs/{id}", job(), StateCommands::assignJob),
                changeMaybe("/jobs/{id}/start", Shape.of(optional("node_id", nodeId())), StateCommands::startJob),
                changeMaybe(
                        "/jobs/{id}/complete",
                        Shape.of(
                                optional("node_id", nodeId()),
                                optional("success", flag()),
                                optional("result", anything()),
                                optional("error", anything())),
                        StateCommands::endJob),
                read("/jobs", page(Map.of("node", nodeId(), "after", text(ID))), StateCommands::listJobs),
                change(
                        "POST",
                        "/locks/{name}/acquire",
                        Shape.of(
                                required("owner", text(ID)),
                                optional("ttl_seconds", whole(1, DAY_SECONDS)),
                                optional("wait_seconds", whole(0, 30))),
                        StateCommands::acquireLock),
                change("POST", "/locks/{name}/renew", ownedLock(), StateCommands::renewLock),
                change("POST", "/locks/{name}/release", ownedLock(), StateCommands::releaseLock),
                read("/locks/{name}", Map.of(), StateCommands::getLock),
                new Route(
                        "POST",
                        "/cluster/state",
                        Route.Access.PEER,
                        new Body.Bytes(MAX_FORWARDED),
                        Query.ANY,
                        this::forwarded));
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

    /** What else is given belongs to the job, under names that mean nothing here. */
    private static Shape job() {
        return Shape.of(
                        required("node_id", nodeId()),
                        optional("job_id", leftOut()),
                        optional("status", leftOut()),
                        optional("orphaned", leftOut()),
                        optional("assigned_at", leftOut()),
                        optional("changed_at", leftOut()),
                        optional("result", leftOut()),
                        optional("error", leftOut()))
                .withMore();
    }

    private static Shape ownedLock() {
        return Shape.of(required("owner", text(ID)), required("token", whole(0, Long.MAX_VALUE)));
    }

    private static Map<String, Check> page(Map<String, Check> parameters) {
        Map<String, Check> all = new HashMap<>(parameters);
        all.put("limit", LIMIT);
        return all;
    }

    private Route read(String path, Map<String, Check> parameters, Parse parse) {
        Map<String, Check> known = new HashMap<>(parameters);
        known.put("consistency", CONSISTENCY);
        return route("GET", path, Route.Access.OPEN, Body.NONE, new Query(known, FENCED, true), parse);
    }

    private Route change(String method, String path, Shape body, Parse parse) {
        return change(method, path, new Body.Json(body, true), parse);
    }

    /** A POST whose body may be left out. */
    private Route changeMaybe(String path, Shape body, Parse parse) {
        return change("POST", path, new Body.Json(body, false), parse);
    }

    private Route change(String method, String path, Body body, Parse parse) {
        return route(method, path, Route.Access.CHANGE, body, new Query(Map.of(), FENCED_ONCE, true), parse);
    }

    private Route route(String method, String path, Route.Access access, Body body, Query query, Parse parse) {
        Map<String, Check> variables = new HashMap<>();
        PathTemplate.variables(path).forEach(name -> variables.put(name, text(name.equals("key") ? KEY : ID)));
        return new Route(method, path, access, body, query, request -> {
            checkVariables(variables, request);
            return ask(request, parse.apply(request));
        });
    }

    private static void checkVariables(Map<String, Check> variables, Request request) {
        Map<String, Object> problems = new HashMap<>();
        variables.forEach((name, check) -> {
            if (!check.holds().test(request.path().get(name))) {
                problems.put(name, "must be " + check.allowed());
            }
        });
        Problems.refuse("parameter", problems);
    }

    private Future<Reply> ask(Request request, Command command) {
        String epoch = request.headers().get(EPOCH);
        String key = request.headers().get(ONCE);
        boolean waits = !patience(request).isZero();
        StateRequest asked = new StateRequest(
                Optional.ofNullable(key).map(name -> new StateRequest.Once.Key(name, waits)),
                epoch == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(epoch)),
                command);
        Future<byte[]> answer = "stale".equals(request.query().get("consistency"))
                ? state.askStale(asked)
                : ask(asked, patience(request), request);
        return answer.map(StateDocuments::reply);
    }

    private Future<byte[]> ask(StateRequest asked, Duration patience, Request request) {
        return patience.isZero()
                ? state.ask(asked)
                : state.ask(asked, patience, request.client().get());
    }

    private static Duration patience(Request request) {
        return request.body() instanceof JsonObject body && body.getValue("wait_seconds") instanceof Integer seconds
                ? Duration.ofSeconds(seconds)
                : Duration.ZERO;
    }

    private Future<Reply> forwarded(Request request) {
        return state.forwarded(((Buffer) request.body()).getBytes())
                .map(outcomes -> new Reply.Document(200, "application/octet-stream", Buffer.buffer(outcomes)));
    }
}
