package io.ringrift.agent.raft;

import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.state.Applied;
import io.ringrift.agent.state.Outcome;
import io.ringrift.agent.state.ReplicatedState;
import io.ringrift.agent.state.StateLog;
import io.ringrift.agent.state.StateLogException;
import io.ringrift.agent.telemetry.Metrics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** What is asked of the Raft peer that runs here, where one does: commands, reads, hand-over, snapshots. Thread-safe; nothing here blocks. */
public final class LocalLog implements StateLog {
    private final Supplier<Optional<Peer>> peer;
    private final Supplier<RaftReport> latest;
    private final Runnable changed;
    private final GroupCommit commands;
    private final HandOver handOver;
    private volatile Optional<Long> acting = Optional.empty();

    /**
     * @param self this node's id
     * @param latest what the peer said last
     * @param changed called when something was done that a report may show
     */
    LocalLog(String self, Supplier<Optional<Peer>> peer, Supplier<RaftReport> latest, Runnable changed) {
        this.peer = peer;
        this.latest = latest;
        this.changed = changed;
        this.commands = new GroupCommit(
                this::entryMillis,
                this::propose,
                (wait, what) -> CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                        .execute(what));
        this.handOver = new HandOver(self, commands);
    }

    /** This node acts as leader under that epoch from now on, or no longer. */
    void act(Optional<Long> epoch) {
        acting = epoch;
        commands.act(epoch);
    }

    @Override
    public CompletionStage<List<Outcome>> submit(List<byte[]> batch) {
        return commands.submit(batch);
    }

    @Override
    public boolean mayAct() {
        return acting.isPresent() && peer.get().flatMap(Peer::leaseLeft).isPresent();
    }

    @Override
    public long nowMillis() {
        return running().clock().millis();
    }

    @Override
    public <T> T readLocal(Function<ReplicatedState, T> read) {
        return running().read(read);
    }

    /**
     * Hands leadership over; who leads then. Fails with {@link IllegalArgumentException} where {@code to} is no voter.
     *
     * @param to who is asked for; empty: nobody in particular
     * @param best who is taken then
     */
    public CompletionStage<String> handOver(Optional<String> to, Optional<String> best) {
        return handOver.begin(peer.get().orElse(null), latest.get(), to, best)
                .whenComplete((done, failure) -> changed.run());
    }

    /** Takes a snapshot now; the log index that it holds. */
    public CompletionStage<Long> snapshot() {
        return withPeer(Peer::snapshot);
    }

    /** Lets the metrics read what is counted here. */
    public void observe(Metrics metrics) {
        commands.observe(metrics);
        metrics.gauge(
                "ringrift_state_clock_ahead_seconds",
                "How far this node's clock is ahead of the replicated state's time.",
                this::clockAheadSeconds);
        List.of("keys", "work", "jobs", "locks", "bytes")
                .forEach(what -> metrics.gauge(
                        "ringrift_state_" + what,
                        "What the replicated state holds, as applied here.",
                        () -> peer.get()
                                .map(running ->
                                        running.read(ReplicatedState::sizes).get(what))
                                .orElse(0L)));
    }

    /** Where no peer runs, no entry comes about. */
    private long entryMillis() {
        return peer.get().map(running -> running.clock().millis()).orElse(0L);
    }

    private double clockAheadSeconds() {
        return peer.get()
                .map(running -> running.clock().ahead().toMillis() / 1000.0)
                .orElse(0.0);
    }

    private CompletionStage<Applied> propose(byte[] entry) {
        return withPeer(running -> running.propose(entry));
    }

    private <T> CompletionStage<T> withPeer(Function<Peer, CompletionStage<T>> ask) {
        try {
            return ask.apply(running());
        } catch (StateLogException noneHere) {
            return CompletableFuture.failedFuture(noneHere);
        }
    }

    private Peer running() {
        return peer.get()
                .orElseThrow(() -> new StateLogException(
                        StateLogException.Kind.NOT_LEADER,
                        "This node runs no Raft peer, so it holds no replicated state."));
    }
}
