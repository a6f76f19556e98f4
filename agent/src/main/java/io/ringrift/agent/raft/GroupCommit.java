package io.ringrift.agent.raft;

import io.ringrift.agent.state.Applied;
import io.ringrift.agent.state.ReplicatedState;
import io.ringrift.agent.state.StateLogException;
import io.ringrift.agent.telemetry.Metrics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Commands that arrive while one entry is under way share the next: Ratis pays per entry, whatever is in it. Bounded; thread-safe.
 */
final class GroupCommit {
    private static final int MAX_WAITING = 16_384;
    private static final long MAX_WAITING_BYTES = 16L << 20;
    private static final int MAX_BATCH = 1_024;

    private final LongSupplier millis;
    private final Function<byte[], CompletionStage<Applied>> propose;
    private final Queue<Command> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean underWay;
    private volatile long entries;
    private volatile long commands;
    private Optional<CompletableFuture<Void>> pausing = Optional.empty();
    private Optional<Long> epoch = Optional.empty();

    private record Command(byte[] bytes, CompletableFuture<byte[]> result) {}

    /**
     * @param millis the wall clock, which commands see as the time of their entry
     * @param propose appends an entry
     */
    GroupCommit(LongSupplier millis, Function<byte[], CompletionStage<Applied>> propose) {
        this.millis = millis;
        this.propose = propose;
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
        refused.forEach(command -> command.result.completeExceptionally(notLeader()));
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

    CompletionStage<byte[]> submit(byte[] command) {
        Command added = new Command(command, new CompletableFuture<>());
        List<Command> batch;
        synchronized (this) {
            if (epoch.isEmpty()) {
                return CompletableFuture.failedFuture(notLeader());
            }
            if (waiting.size() >= MAX_WAITING || waitingBytes + command.length > MAX_WAITING_BYTES) {
                return CompletableFuture.failedFuture(new StateLogException(
                        StateLogException.Kind.OVERLOADED,
                        "Too many commands wait to be replicated. This one was not applied."));
            }
            waiting.add(added);
            waitingBytes += command.length;
            batch = takeBatch();
        }
        send(batch);
        return added.result;
    }

    /** The next entry's commands; empty while one is under way. Holds the lock. */
    private List<Command> takeBatch() {
        List<Command> batch = new ArrayList<>();
        if (underWay || pausing.isPresent()) {
            return batch;
        }
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
            entries++;
            commands += batch.size();
        }
        return batch;
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
            finished(batch, null, notLeader());
            return;
        }
        byte[] entry = ReplicatedState.batch(
                under.get(),
                millis.getAsLong(),
                batch.stream().map(Command::bytes).toList());
        propose.apply(entry).whenComplete((applied, failure) -> finished(batch, applied, failure));
    }

    private void finished(List<Command> batch, Applied applied, Throwable failure) {
        List<Command> next;
        Optional<CompletableFuture<Void>> paused;
        synchronized (this) {
            underWay = false;
            next = takeBatch();
            paused = pausing;
        }
        // First the next entry, which waits for nobody, then the answers of this one.
        send(next);
        for (int i = 0; i < batch.size(); i++) {
            CompletableFuture<byte[]> result = batch.get(i).result;
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (!applied.accepted()) {
                result.completeExceptionally(new StateLogException(
                        StateLogException.Kind.NOT_LEADER, "Another leader took over. This was not applied."));
            } else {
                result.complete(applied.results().get(i));
            }
        }
        paused.ifPresent(nothing -> nothing.complete(null));
    }

    private static StateLogException notLeader() {
        return new StateLogException(
                StateLogException.Kind.NOT_LEADER, "This node does not act as Raft's leader. This was not applied.");
    }
}
