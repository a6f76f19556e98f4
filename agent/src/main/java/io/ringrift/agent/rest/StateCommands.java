package io.ringrift.agent.rest;

import io.ringrift.agent.state.Command;
import io.ringrift.agent.state.WorkItem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes commands of requests whose form was checked; what a request leaves out gets its default here. */
final class StateCommands {
    private static final byte[] NOTHING = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.US_ASCII);
    private static final int PAGE = 100;
    private static final int PRIORITY = 50;
    private static final int ATTEMPTS = 3;
    private static final long WORK_SECONDS = 3_600;
    private static final long LOCK_SECONDS = 300;

    private StateCommands() {}

    // ---- key-value

    static Command putKey(Request request) {
        Long version = body(request).getLong("if_version");
        return new Command.PutKey(
                request.path().get("key"),
                raw(body(request), "value", NOTHING),
                version == null ? OptionalLong.empty() : OptionalLong.of(version));
    }

    static Command deleteKey(Request request) {
        return new Command.DeleteKey(request.path().get("key"));
    }

    static Command getKey(Request request) {
        return new Command.GetKey(request.path().get("key"));
    }

    static Command listKeys(Request request) {
        return new Command.ListKeys(query(request, "prefix").orElse(""), query(request, "after"), limit(request));
    }

    // ---- work

    static Command addWork(Request request) {
        return new Command.AddWork(
                request.body() instanceof JsonArray many
                        ? many.stream().map(each -> newWork((JsonObject) each)).toList()
                        : List.of(newWork(body(request))));
    }

    private static Command.NewWork newWork(JsonObject item) {
        return new Command.NewWork(
                Optional.ofNullable(item.getString("work_id")),
                item.getString("work_type"),
                raw(item, "config", EMPTY),
                or(item.getInteger("priority"), PRIORITY),
                or(item.getInteger("max_attempts"), ATTEMPTS),
                or(item.getLong("timeout_seconds"), WORK_SECONDS) * 1_000);
    }

    static Command claimWork(Request request) {
        JsonArray types = body(request).getJsonArray("work_types");
        // Sorted: the same request is the same bytes, whatever order its sender's library chose.
        Set<String> wanted = types == null
                ? Set.of()
                : types.stream().map(String.class::cast).collect(Collectors.toCollection(TreeSet::new));
        return new Command.ClaimWork(node(request), wanted, or(body(request).getInteger("max"), 1));
    }

    static Command startWork(Request request) {
        return new Command.StartWork(request.path().get("id"), node(request));
    }

    static Command completeWork(Request request) {
        return new Command.CompleteWork(request.path().get("id"), node(request), raw(body(request), "result", NOTHING));
    }

    static Command failWork(Request request) {
        return new Command.FailWork(request.path().get("id"), node(request), raw(body(request), "error", NOTHING));
    }

    static Command getWork(Request request) {
        return new Command.GetWork(request.path().get("id"));
    }

    static Command listWork(Request request) {
        return new Command.ListWork(
                query(request, "status").map(name -> WorkItem.Status.valueOf(name.toUpperCase(Locale.ROOT))),
                query(request, "node"),
                query(request, "after"),
                limit(request));
    }

    static Command countWork(Request request) {
        return new Command.CountWork();
    }

    // ---- jobs

    static Command assignJob(Request request) {
        var details = JsonBytes.object(
                body(request).getMap(),
                (to, members) -> members.forEach((name, value) -> {
                    if (value instanceof RawJson json) {
                        to.raw(name, json.utf8());
                    }
                }));
        return new Command.AssignJob(request.path().get("id"), node(request), details.getBytes());
    }

    static Command startJob(Request request) {
        return new Command.StartJob(request.path().get("id"), maybeNode(request));
    }

    /** A job that ends with an error has failed, unless it says otherwise. */
    static Command endJob(Request request) {
        JsonObject body = body(request);
        byte[] error = raw(body, "error", NOTHING);
        boolean failed = body.getValue("error") instanceof RawJson json && !json.isNull();
        return new Command.EndJob(
                request.path().get("id"),
                maybeNode(request),
                body.getBoolean("success", !failed),
                failed ? error : raw(body, "result", NOTHING));
    }

    static Command listJobs(Request request) {
        return new Command.ListJobs(query(request, "node"), query(request, "after"), limit(request));
    }

    // ---- locks

    static Command acquireLock(Request request) {
        return new Command.AcquireLock(
                request.path().get("name"),
                body(request).getString("owner"),
                or(body(request).getLong("ttl_seconds"), LOCK_SECONDS) * 1_000);
    }

    static Command renewLock(Request request) {
        return new Command.RenewLock(
                request.path().get("name"),
                body(request).getString("owner"),
                body(request).getLong("token"));
    }

    static Command releaseLock(Request request) {
        return new Command.ReleaseLock(
                request.path().get("name"),
                body(request).getString("owner"),
                body(request).getLong("token"));
    }

    static Command getLock(Request request) {
        return new Command.GetLock(request.path().get("name"));
    }

    // ---- fields

    private static JsonObject body(Request request) {
        return (JsonObject) request.body();
    }

    private static String node(Request request) {
        return body(request).getString("node_id");
    }

    private static Optional<String> maybeNode(Request request) {
        return Optional.ofNullable(node(request));
    }

    private static byte[] raw(JsonObject from, String name, byte[] otherwise) {
        Map<String, Object> members = from.getMap();
        return members.get(name) instanceof RawJson json && !json.isNull() ? json.utf8() : otherwise;
    }

    private static <T> T or(T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    private static Optional<String> query(Request request, String name) {
        return Optional.ofNullable(request.query().get(name));
    }

    private static int limit(Request request) {
        return query(request, "limit").map(Integer::parseInt).orElse(PAGE);
    }
}
