package io.ringrift.agent.rest;

import io.ringrift.agent.state.Answer;
import io.ringrift.agent.state.Job;
import io.ringrift.agent.state.KeyValue;
import io.ringrift.agent.state.WorkItem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Answers of the replicated state as the JSON that clients see. */
final class StateDocuments {
    private static final Set<String> NUMBERS = Set.of("version", "token", "epoch", "limit_bytes", "used_bytes");

    private StateDocuments() {}

    /** @param encoded an {@link Answer} @throws ApiException where it is a refusal */
    static Reply reply(byte[] encoded) {
        try {
            return reply(Answer.decode(encoded));
        } catch (IOException e) {
            throw new IllegalStateException("the log's answer cannot be read: " + e.getMessage(), e);
        }
    }

    private static Reply reply(Answer answer) {
        return switch (answer) {
            case Answer.Value(var value) -> json(JsonBytes.object(value, StateDocuments::keyValue));
            case Answer.Version version ->
                json(JsonBytes.object(
                        version, (to, of) -> to.text("key", of.key()).number("version", of.version())));
            case Answer.Values(var values, var more) ->
                json(JsonBytes.object(
                        values,
                        (to, all) -> to.many("items", all, StateDocuments::keyValue)
                                .textOrNull("next", next(all, more, KeyValue::key))));
            case Answer.Added(var items) -> items(201, items);
            case Answer.Claimed(var items) -> items(200, items);
            case Answer.Work(var item) -> json(JsonBytes.object(item, StateDocuments::work));
            case Answer.WorkPage(var items, var more) ->
                json(JsonBytes.object(
                        items,
                        (to, all) -> to.many("items", all, StateDocuments::work)
                                .textOrNull("next", next(all, more, WorkItem::id))));
            case Answer.WorkCounts(var counts) -> json(JsonBytes.object(counts, StateDocuments::counts));
            case Answer.JobState state -> json(JsonBytes.object(state, StateDocuments::job));
            case Answer.Jobs(var jobs, var more) ->
                json(JsonBytes.object(
                        jobs,
                        (to, all) -> to.many("items", all, StateDocuments::job)
                                .textOrNull(
                                        "next",
                                        next(all, more, state -> state.job().id()))));
            case Answer.Held held ->
                json(JsonBytes.object(
                        held,
                        (to, of) -> to.text("name", of.lock().name())
                                .text("owner", of.lock().owner())
                                .number("token", of.lock().token())
                                .seconds("expires_in_seconds", of.expiresInMillis())));
            case Answer.Done() -> Reply.ok(new JsonObject());
            case Answer.Refusal refusal -> throw exception(refusal);
        };
    }

    private static ApiException exception(Answer.Refusal refusal) {
        JsonObject details = new JsonObject();
        refusal.details()
                .forEach((name, value) -> details.put(name, NUMBERS.contains(name) ? Long.valueOf(value) : value));
        return new ApiException(ErrorCode.of(refusal.code()), refusal.message(), details);
    }

    private static Reply items(int status, List<WorkItem> items) {
        return new Reply.Document(
                status, Reply.JSON, JsonBytes.object(items, (to, all) -> to.many("items", all, StateDocuments::work)));
    }

    private static Reply json(Buffer document) {
        return new Reply.Document(200, Reply.JSON, document);
    }

    /** What to give as {@code after} for the next page. */
    private static <T> Optional<String> next(List<T> page, boolean more, java.util.function.Function<T, String> name) {
        return more ? Optional.of(name.apply(page.getLast())) : Optional.empty();
    }

    private static void keyValue(JsonBytes to, KeyValue value) {
        to.text("key", value.key()).raw("value", value.value()).number("version", value.version());
    }

    private static void work(JsonBytes to, WorkItem item) {
        boolean completed = item.status() == WorkItem.Status.COMPLETED;
        to.text("work_id", item.id())
                .text("work_type", item.type())
                .raw("config", item.config())
                .text("status", lower(item.status()))
                .number("priority", item.priority())
                .number("attempts", item.attempts())
                .number("max_attempts", item.maxAttempts())
                .seconds("timeout_seconds", item.timeoutMillis())
                .textOrNull("claimed_by", item.claimant().filter(node -> item.status() != WorkItem.Status.PENDING))
                .text("created_at", time(item.createdMillis()))
                .text("changed_at", time(item.changedMillis()))
                .textOrNull(
                        "times_out_at",
                        Optional.of(item.deadlineMillis())
                                .filter(deadline -> deadline > 0)
                                .map(StateDocuments::time))
                .raw(completed ? "result" : "error", item.outcome());
    }

    private static void counts(JsonBytes to, List<Long> counts) {
        for (WorkItem.Status status : WorkItem.Status.values()) {
            to.number(lower(status), counts.get(status.ordinal()));
        }
        to.number("total", counts.stream().mapToLong(Long::longValue).sum());
    }

    private static void job(JsonBytes to, Answer.JobState state) {
        Job job = state.job();
        to.text("job_id", job.id())
                .text("node_id", job.node())
                .text("status", lower(job.status()))
                .flag("orphaned", state.orphaned())
                .text("assigned_at", time(job.assignedMillis()))
                .text("changed_at", time(job.changedMillis()))
                .raw(job.status() == Job.Status.FAILED ? "error" : "result", job.outcome())
                .members(job.details());
    }

    private static String lower(Enum<?> status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
