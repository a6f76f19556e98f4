package io.ringrift.agent.raft;

import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.state.StateLogException;
import io.ringrift.agent.state.StateLogException.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Hands Raft's leadership to another voter, after what is in the log was answered. Thread-safe. */
final class HandOver {
    private static final Duration DRAINING = Duration.ofMillis(500);

    private final String self;
    private final GroupCommit commands;
    private Optional<UnderWay> underWay = Optional.empty();

    private record UnderWay(PeerId to, CompletionStage<String> done) {}

    HandOver(String self, GroupCommit commands) {
        this.self = self;
        this.commands = commands;
    }

    /**
     * Who leads then. Fails with {@link IllegalArgumentException} where {@code to} is no voter.
     *
     * @param to who is asked for; empty: nobody in particular
     * @param best who is taken then
     */
    CompletionStage<String> begin(Peer peer, RaftReport now, Optional<String> to, Optional<String> best) {
        if (peer == null || !now.leads()) {
            return failed(new StateLogException(Kind.NOT_LEADER, "This node does not lead by Raft."));
        }
        Optional<String> wanted = to.or(() -> best);
        if (wanted.isEmpty()) {
            return failed(new StateLogException(Kind.NO_QUORUM, "No other voter could take over."));
        }
        String nodeId = wanted.get();
        if (nodeId.equals(self)) {
            return CompletableFuture.completedFuture(nodeId);
        }
        return now.voters().stream()
                .filter(voter -> voter.nodeId().equals(nodeId))
                .findFirst()
                .map(voter -> joined(peer, voter, to))
                .orElseGet(() -> failed(new IllegalArgumentException(
                        nodeId + " is no voter; voters are " + String.join(", ", names(now)) + ".")));
    }

    /** One at a time: whoever asks for the same again hears what becomes of the first. */
    private synchronized CompletionStage<String> joined(Peer peer, PeerId voter, Optional<String> asked) {
        Optional<UnderWay> same = underWay.filter(other -> other.to.equals(voter));
        if (same.isPresent()) {
            return same.get().done;
        }
        CompletionStage<String> done = transfer(peer, voter, asked);
        UnderWay begun = new UnderWay(voter, done);
        underWay = Optional.of(begun);
        done.whenComplete((leader, failure) -> end(begun));
        return done;
    }

    private synchronized void end(UnderWay begun) {
        underWay = underWay.filter(other -> other != begun);
    }

    /** What comes meanwhile waits, and goes to whoever leads then. */
    private CompletionStage<String> transfer(Peer peer, PeerId voter, Optional<String> asked) {
        return commands.pause()
                .toCompletableFuture()
                .completeOnTimeout(null, DRAINING.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(drained -> peer.transfer(voter))
                .whenComplete((done, failure) -> commands.resume())
                .handle((done, failure) ->
                        failure == null ? voter.nodeId() : elected(peer.report(), voter, asked, failure));
    }

    /** While it was handed over another voter may have stood: fine where nobody in particular was asked for. */
    private String elected(RaftReport now, PeerId voter, Optional<String> asked, Throwable failure) {
        String leader = now.leader().filter(other -> !other.equals(self)).orElse(null);
        if (leader != null && asked.orElse(leader).equals(leader)) {
            return leader;
        }
        throw new StateLogException(
                Kind.NOT_LEADER,
                leader == null
                        ? "It was not handed over to " + voter.nodeId() + ": " + failure.getMessage() + "."
                        : "It was to be handed over to " + voter.nodeId() + ", and " + leader + " was elected.");
    }

    private static Iterable<String> names(RaftReport report) {
        return report.voters().stream().map(PeerId::nodeId).toList();
    }

    private static CompletionStage<String> failed(RuntimeException why) {
        return CompletableFuture.failedFuture(why);
    }
}
