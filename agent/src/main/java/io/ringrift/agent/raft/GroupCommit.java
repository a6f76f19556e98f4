package io.ringrift.agent.raft;

import io.ringrift.agent.state.Applied;
import io.ringrift.agent.state.Outcome;
import io.ringrift.agent.state.ReplicatedState;
import io.ringrift.agent.state.StateLogException.Kind;
import io.ringrift.agent.telemetry.Metrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Commands that come together, or while an entry is under way, share the next: Ratis pays per entry, whatever is in it. Bounded; thread-safe.
 */
final class GroupCommit {
    private static final int MAX_WAITING = 16_384;
    private static final long MAX_WAITING_BYTES = 16L << 20;
    private static final int MAX_BATCH = 1_024;

    private static final Outcome NOT_LEADER =
            new Outcome.Failed(Kind.NOT_LEADER, "This node does not act as Raft's leader. This was not applied.");

    private final LongSupplier millis;
    private final Function<byte[], CompletionStage<Applied>> propose;
    private final BiConsumer<Duration, Runnable> later;
    private final Gathering gathering = new Gathering();
    private final Queue<Command> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean underWay;
    private long begunNanos;
    /** Counts what {@link #gathering} waits for, so that a late end of one is not taken for that of the next. */
    private long gatherings;

    private volatile long entries;
    private volatile long commands;
    private Optional<CompletableFuture<Void>> pausing = Optional.empty();
    private Optional<Long> epoch = Optional.empty();

    /** Commands that came together, and what became of them; the last one to be known tells whoever waits. */
    private static final class Group {
        private final AtomicReferenceArray<Outcome> outcomes;
        private final AtomicInteger open;
        private final CompletableFuture<List<Outcome>> result = new CompletableFuture<>();

        Group(int size) {
            outcomes = new AtomicReferenceArray<>(size);
            open = new AtomicInteger(size);
        }

        void note(int place, Outcome outcome) {
            outcomes.set(place, outcome);
            if (open.decrementAndGet() == 0) {
                result.complete(IntStream.range(0, outcomes.length())
                        .mapToObj(outcomes::get)
                        .toList());
            }
        }
    }

    private record Command(byte[] bytes, Group group, int place) {
        void end(Outcome outcome) {
            group.note(place, outcome);
        }
    }

    /**
     * @param millis what time it is for the state: commands see it as the time of their entry
     * @param propose appends an entry
     * @param later does something after a while, precise to a fraction of a millisecond
     */
    GroupCommit(
            LongSupplier millis,
            Function<byte[], CompletionStage<Applied>> propose,
            BiConsumer<Duration, Runnable> later) {
        this.millis = millis;
        this.propose = propose;
        this.later = later;
    }

    /** Takes commands under this epoch from now on; with none, what waits fails and was surely not applied. */
    void act(Optional<Long> under) {
        List<Command> refused = new ArrayList<>();
        synchronized (this) {
            epoch = under;
            if (under.isEmpty()) {
                refused.addAll(waiting);
                waiting.clear();
                waitingBytes = 0;
            }
        }
        refused.forEach(command -> command.end(NOT_LEADER));
    }

    /** Proposes nothing more until {@link #resume}; done when nothing is under way, so that the fate of everything proposed is known. */
    CompletionStage<Void> pause() {
        CompletableFuture<Void> paused;
        synchronized (this) {
            paused = pausing.orElseGet(CompletableFuture::new);
            pausing = Optional.of(paused);
            if (underWay) {
                return paused;
            }
        }
        paused.complete(null);
        return paused;
    }

    /** Goes on after {@link #pause}. */
    void resume() {
        List<Command> batch;
        synchronized (this) {
            pausing = Optional.empty();
            batch = takeBatch();
        }
        send(batch);
    }

    /** Lets the metrics read what is counted here. */
    void observe(Metrics metrics) {
        metrics.counter("ringrift_raft_entries", "Entries with requests that this node proposed.", this::entries);
        metrics.counter("ringrift_raft_commands", "Requests in these entries.", this::commands);
    }

    /** How many entries were proposed. */
    long entries() {
        return entries;
    }

    /** How many commands were in them. */
    long commands() {
        return commands;
    }

    /** What became of each, once that is known of all. */
    CompletionStage<List<Outcome>> submit(List<byte[]> batch) {
        Group group = new Group(batch.size());
        List<Runnable> refused = new ArrayList<>();
        List<Command> next;
        synchronized (this) {
            for (int place = 0; place < batch.size(); place++) {
                Command command = new Command(batch.get(place), group, place);
                refusal(command.bytes).ifPresentOrElse(why -> refused.add(() -> command.end(why)), () -> {
                    waiting.add(command);
                    waitingBytes += command.bytes.length;
                });
            }
            next = takeBatch();
        }
        send(next);
        refused.forEach(Runnable::run);
        return group.result;
    }

    /** Why this command cannot be taken. Holds the lock. */
    private Optional<Outcome> refusal(byte[] command) {
        if (command.length > RaftSettings.MAX_COMMAND) {
            return Optional.of(new Outcome.Failed(
                    Kind.TOO_LARGE,
                    "The request is " + command.length + " bytes on the log, and " + RaftSettings.MAX_COMMAND
                            + " are allowed. It was not applied."));
        }
        if (epoch.isEmpty()) {
            return Optional.of(NOT_LEADER);
        }
        return waiting.size() >= MAX_WAITING || waitingBytes + command.length > MAX_WAITING_BYTES
                ? Optional.of(new Outcome.Failed(
                        Kind.OVERLOADED, "Too many commands wait to be replicated. This one was not applied."))
                : Optional.empty();
    }

    /** The next entry's commands; empty while one is under way. Holds the lock. */
    private List<Command> takeBatch() {
        List<Command> batch = new ArrayList<>();
        if (underWay || pausing.isPresent() || (!isFull() && gathering.waitsFor(waiting.size()))) {
            return batch;
        }
        gathering.end(waiting.size());
        long bytes = 0;
        while (!waiting.isEmpty()
                && batch.size() < MAX_BATCH
                && (batch.isEmpty() || bytes + waiting.peek().bytes.length < RaftSettings.MAX_COMMAND)) {
            Command next = waiting.poll();
            bytes += next.bytes.length;
            batch.add(next);
        }
        waitingBytes -= bytes;
        underWay = !batch.isEmpty();
        if (underWay) {
            begunNanos = System.nanoTime();
            entries++;
            commands += batch.size();
        }
        return batch;
    }

    /** Whether what waits fills an entry. */
    private boolean isFull() {
        return waiting.size() >= MAX_BATCH || waitingBytes >= RaftSettings.MAX_COMMAND;
    }

    private void send(List<Command> batch) {
        if (batch.isEmpty()) {
            return;
        }
        Optional<Long> under;
        synchronized (this) {
            under = epoch;
        }
        if (under.isEmpty()) {
            finished(batch, all(NOT_LEADER));
            return;
        }
        byte[] entry = ReplicatedState.batch(
                under.get(),
                millis.getAsLong(),
                batch.stream().map(Command::bytes).toList());
        propose.apply(entry)
                .whenComplete((applied, failure) ->
                        finished(batch, failure == null ? outcomes(applied) : all(Outcome.Failed.of(failure))));
    }

    private void finished(List<Command> batch, IntFunction<Outcome> outcomes) {
        List<Command> next;
        Optional<CompletableFuture<Void>> paused;
        synchronized (this) {
            underWay = false;
            gather(batch.size());
            next = takeBatch();
            paused = pausing;
        }
        // First the next entry, then the answers of this one.
        send(next);
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).end(outcomes.apply(i));
        }
        paused.ifPresent(nothing -> nothing.complete(null));
    }

    /** Lets the next entry wait for those who are answered now, if it should. Holds the lock. */
    private void gather(int answered) {
        Duration took = Duration.ofNanos(System.nanoTime() - begunNanos);
        Duration wait = gathering.begin(answered, waiting.size(), took);
        if (wait.isPositive()) {
            long which = ++gatherings;
            later.accept(wait, () -> endGathering(which));
        }
    }

    private void endGathering(long which) {
        List<Command> next;
        synchronized (this) {
            if (which != gatherings || underWay || !gathering.waitsFor(waiting.size())) {
                return;
            }
            gathering.end(waiting.size());
            next = takeBatch();
        }
        send(next);
    }

    /** Of the commands of one entry, by their places in it. */
    private static IntFunction<Outcome> outcomes(Applied applied) {
        return applied.accepted()
                ? place -> new Outcome.Answered(applied.results().get(place))
                : all(new Outcome.Failed(Kind.NOT_LEADER, "Another leader took over. This was not applied."));
    }

    private static IntFunction<Outcome> all(Outcome outcome) {
        return place -> outcome;
    }
}
