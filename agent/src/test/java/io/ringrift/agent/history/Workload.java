package io.ringrift.agent.history;

import io.ringrift.agent.history.StateClient.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;

/** One client that writes, compares, reads, locks and works, through any agent, and records what it was told. */
final class Workload implements Runnable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int KEYS = 4;
    private static final int LOCKS = 2;

    private final String name;
    private final StateClient client;
    private final SplittableRandom random;
    private final Supplier<Optional<Chapter>> book;
    private final Counts counts;
    private final Map<String, Long> versions = new HashMap<>();
    private int done;

    /** @param book the chapter to write in now; empty when it is over */
    Workload(
            String name, StateClient client, SplittableRandom random, Supplier<Optional<Chapter>> book, Counts counts) {
        this.name = name;
        this.client = client;
        this.random = random;
        this.book = book;
        this.counts = counts;
    }

    @Override
    public void run() {
        for (Optional<Chapter> now = book.get(); now.isPresent(); now = book.get()) {
            Chapter chapter = now.get();
            try {
                step(chapter);
            } finally {
                chapter.leave();
            }
            LockSupport.parkNanos(random.nextLong(40_000_000));
        }
    }

    private void step(Chapter chapter) {
        done++;
        String key = "g" + chapter.number + ".k" + random.nextInt(KEYS);
        switch (random.nextInt(10)) {
            case 0, 1 -> put(chapter, key, OptionalLong.empty());
            case 2, 3 -> put(chapter, key, OptionalLong.of(versions.getOrDefault(key, 0L)));
            case 4, 5, 6 -> get(chapter, key, false);
            case 7, 8 -> lock(chapter, "g" + chapter.number + ".l" + random.nextInt(LOCKS));
            default -> work(chapter);
        }
    }

    private void put(Chapter chapter, String key, OptionalLong ifVersion) {
        String value = name + "." + done;
        JsonObject body = new JsonObject().put("value", value);
        ifVersion.ifPresent(version -> body.put("if_version", version));
        record("put", ask("PUT", "/kv/" + key, body), answer -> switch (answer.status()) {
                    case 200 ->
                        Optional.of(new Register.Output.Written(answer.body().getLong("version")));
                    case 409 ->
                        Optional.of(new Register.Output.Conflict(
                                answer.body().getJsonObject("details").getLong("version")));
                    default -> Optional.<Register.Output>empty();
                })
                .<Register.Input>as(name, new Register.Input.Put(key, value, ifVersion))
                .ifPresent(operation -> {
                    chapter.register(operation);
                    operation.output().ifPresent(told -> versions.put(key, version(told)));
                });
    }

    private static long version(Register.Output told) {
        return switch (told) {
            case Register.Output.Written(long version) -> version;
            case Register.Output.Conflict(long version) -> version;
            case Register.Output.Found(String _, long version) -> version;
            case Register.Output.Absent() -> 0;
        };
    }

    /** @param surely asks until it knows */
    void get(Chapter chapter, String key, boolean surely) {
        Asked asked = surely ? keep("GET", "/kv/" + key) : ask("GET", "/kv/" + key);
        record("get", asked, answer -> switch (answer.status()) {
                    case 200 ->
                        Optional.of(new Register.Output.Found(
                                answer.body().getString("value"), answer.body().getLong("version")));
                    case 404 -> Optional.of(new Register.Output.Absent());
                    default -> Optional.<Register.Output>empty();
                })
                .<Register.Input>as(name, new Register.Input.Get(key))
                // A read that nobody answered changed nothing.
                .filter(operation -> operation.output().isPresent())
                .ifPresent(operation -> {
                    chapter.register(operation);
                    versions.put(key, version(operation.output().get()));
                });
    }

    private void lock(Chapter chapter, String lock) {
        JsonObject body =
                waiting(new JsonObject().put("owner", name).put("ttl_seconds", Chapter.LOCK_TIME.toSeconds()));
        Optional<Operation<LockModel.Input, LockModel.Output>> acquired = record(
                        "acquire",
                        ask("POST", "/locks/" + lock + "/acquire", body),
                        answer -> switch (answer.status()) {
                            case 200 ->
                                Optional.of(new LockModel.Output.Granted(
                                        answer.body().getLong("token")));
                            case 409 -> Optional.of(new LockModel.Output.Refused());
                            default -> Optional.<LockModel.Output>empty();
                        })
                .as(name, new LockModel.Input.Acquire(lock, name));
        acquired.ifPresent(chapter::lock);
        acquired.flatMap(Operation::output).ifPresent(told -> {
            if (told instanceof LockModel.Output.Granted(long token)) {
                LockSupport.parkNanos(random.nextLong(60_000_000));
                JsonObject own = new JsonObject().put("owner", name).put("token", token);
                record("release", ask("POST", "/locks/" + lock + "/release", own), answer -> switch (answer.status()) {
                            case 200 -> Optional.of(new LockModel.Output.Released());
                            case 409 -> Optional.of(new LockModel.Output.NotOwner());
                            default -> Optional.<LockModel.Output>empty();
                        })
                        .<LockModel.Input>as(name, new LockModel.Input.Release(lock, name, token))
                        .ifPresent(chapter::lock);
            }
        });
    }

    private void work(Chapter chapter) {
        String type = "g" + chapter.number;
        if (random.nextInt(3) == 0) {
            String id = type + "-" + name + "-" + done;
            JsonObject item = new JsonObject()
                    .put("work_id", id)
                    .put("work_type", type)
                    .put("config", new JsonObject())
                    .put("max_attempts", 100)
                    .put("timeout_seconds", Chapter.WORK_TIME.toSeconds());
            record("add", ask("POST", "/work", item), answer -> switch (answer.status()) {
                        case 201 -> Optional.of(new WorkModel.Output.Done());
                        case 409 -> Optional.of(new WorkModel.Output.Refused());
                        default -> Optional.<WorkModel.Output>empty();
                    })
                    .<WorkModel.Input>as(name, new WorkModel.Input.Add(id))
                    .ifPresent(chapter::work);
        } else {
            claim(chapter, type);
        }
    }

    private void claim(Chapter chapter, String type) {
        String claimant = name + "-" + done;
        JsonObject body =
                waiting(new JsonObject().put("node_id", claimant).put("work_types", new JsonArray().add(type)));
        Asked asked = keep("POST", "/work/claim", body);
        counts.count("claim", asked.outcome);
        if (asked.outcome instanceof Outcome.Unknown) {
            chapter.lostClaim(claimant, asked.call);
        }
        if (asked.outcome instanceof Outcome.Answered(int status, JsonObject answer) && status == 200) {
            for (Object each : answer.getJsonArray("items")) {
                JsonObject item = (JsonObject) each;
                String id = item.getString("work_id");
                chapter.work(Operation.answered(
                        name,
                        new WorkModel.Input.Claim(id, claimant),
                        new WorkModel.Output.Claimed(item.getInteger("attempts")),
                        asked.call,
                        asked.end));
                // Some are left to time out.
                if (random.nextInt(5) > 0) {
                    advance(chapter, "start", id, claimant, new WorkModel.Input.Start(id, claimant));
                    advance(chapter, "complete", id, claimant, new WorkModel.Input.Complete(id, claimant));
                }
            }
        }
    }

    /** One in three waits, for about as long as others hold what it asks for. */
    private JsonObject waiting(JsonObject body) {
        return random.nextInt(3) == 0 ? body.put("wait_seconds", 1) : body;
    }

    private void advance(Chapter chapter, String step, String id, String claimant, WorkModel.Input input) {
        Asked asked = ask("POST", "/work/" + id + "/" + step, new JsonObject().put("node_id", claimant));
        record(step, asked, answer -> switch (answer.status()) {
                    case 200 -> Optional.of(new WorkModel.Output.Done());
                    case 409 -> Optional.of(new WorkModel.Output.Refused());
                    default -> Optional.<WorkModel.Output>empty();
                })
                .as(name, input)
                .ifPresent(chapter::work);
    }

    /** Asks until it knows. */
    void look(Chapter chapter, String id) {
        record("look", keep("GET", "/work/" + id), answer -> switch (answer.status()) {
                    case 200 ->
                        Optional.of(new WorkModel.Output.Seen(
                                WorkModel.Status.valueOf(
                                        answer.body().getString("status").toUpperCase(java.util.Locale.ROOT)),
                                answer.body().getInteger("attempts")));
                    case 404 -> Optional.of(new WorkModel.Output.Seen(WorkModel.Status.ABSENT, 0));
                    default -> Optional.<WorkModel.Output>empty();
                })
                .<WorkModel.Input>as(name, new WorkModel.Input.Look(id))
                .filter(operation -> operation.output().isPresent())
                .ifPresent(chapter::work);
    }

    // ---- asking

    private record Asked(Outcome outcome, long call, long end) {}

    /** What was asked and what it comes to; the output is empty where nobody knows, and all of it where it was not done. */
    private record Recorded<O>(Optional<Optional<O>> told, Asked asked) {
        <I> Optional<Operation<I, O>> as(String client, I input) {
            return told.map(output -> new Operation<>(
                    client, input, output, asked.call, output.isPresent() ? asked.end : Long.MAX_VALUE));
        }
    }

    private <O> Recorded<O> record(String kind, Asked asked, Function<Outcome.Answered, Optional<O>> read) {
        counts.count(kind, asked.outcome);
        return switch (asked.outcome) {
            case Outcome.NotDone _ -> new Recorded<>(Optional.empty(), asked);
            case Outcome.Unknown _ -> new Recorded<>(Optional.of(Optional.empty()), asked);
            case Outcome.Answered answer -> {
                Optional<O> told = read.apply(answer);
                if (told.isEmpty()) {
                    counts.surprise(kind + ": " + answer.status() + " " + answer.body());
                }
                yield new Recorded<>(told.map(Optional::of), asked);
            }
        };
    }

    /** Half of the changes are asked once, half under an idempotency key until it is known what became of them. */
    private Asked ask(String method, String path, JsonObject body) {
        return random.nextBoolean() ? timed(() -> client.once(method, path, body.encode())) : keep(method, path, body);
    }

    private Asked ask(String method, String path) {
        return timed(() -> client.once(method, path, ""));
    }

    private Asked keep(String method, String path, JsonObject body) {
        String key = name + ":" + done + ":" + path.hashCode();
        return timed(() -> client.untilKnown(method, path, body.encode(), key, PATIENCE));
    }

    private Asked keep(String method, String path) {
        return timed(() -> client.untilAnswered(path));
    }

    private static Asked timed(Supplier<Outcome> how) {
        long call = System.nanoTime();
        Outcome outcome = how.get();
        return new Asked(outcome, call, System.nanoTime());
    }
}
