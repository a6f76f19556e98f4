package io.ringrift.agent.gateway;

import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.raft.LocalLog;
import io.ringrift.agent.rest.ApiException;
import io.ringrift.agent.rest.ErrorCode;
import io.ringrift.agent.rest.RaftApi;
import io.ringrift.agent.rest.StateApi;
import io.ringrift.agent.runtime.PeerTransport;
import io.ringrift.agent.runtime.PeerTransport.Ask;
import io.ringrift.agent.state.Answer;
import io.ringrift.agent.state.Backup;
import io.ringrift.agent.state.Command;
import io.ringrift.agent.state.Outcome;
import io.ringrift.agent.state.StateLogException;
import io.ringrift.agent.state.StateRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Raft's operations: here where this node leads, else at whoever does. On the REST server's event loop only. */
public final class RaftOperations implements RaftApi {
    private static final String PATH = "/cluster/raft";
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int PIECE = 512 << 10;

    /** How long an operation is tried again while nobody leads: an election may be under way. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final long AGAIN_MILLIS = 50;

    private final Vertx vertx;
    private final Supplier<AgentView> view;
    private final LocalLog log;
    private final StateApi state;
    private final PeerTransport transport;

    public RaftOperations(
            Vertx vertx, Supplier<AgentView> view, LocalLog log, StateApi state, PeerTransport transport) {
        this.vertx = vertx;
        this.view = view;
        this.log = log;
        this.state = state;
        this.transport = transport;
    }

    @Override
    public Future<JsonObject> transfer(Optional<String> to, boolean handed) {
        return atLeader(
                        handed,
                        () -> here(log.handOver(to, successor()))
                                .map(leader ->
                                        new JsonObject().put("leader", leader).toBuffer()),
                        new JsonObject().put("operation", "transfer").put("to", to.orElse(null)))
                .map(Buffer::toJsonObject);
    }

    private Optional<String> successor() {
        return view.get().raft().peer().flatMap(AgentView.RaftPeer::successor);
    }

    @Override
    public Future<JsonObject> snapshot(boolean handed) {
        boolean peerHere = view.get()
                .raft()
                .peer()
                .filter(peer -> peer.appliedIndex().isPresent())
                .isPresent();
        Supplier<Future<Buffer>> local = () -> here(log.snapshot())
                .map(index -> new JsonObject()
                        .put("node_id", view.get().nodeId())
                        .put("index", index)
                        .toBuffer());
        return (peerHere ? local.get() : atLeader(handed, local, new JsonObject().put("operation", "snapshot")))
                .map(Buffer::toJsonObject);
    }

    @Override
    public Future<Buffer> backup(boolean stale, boolean handed) {
        if (stale) {
            return dump();
        }
        // What was acknowledged before is applied here once an entry of now is.
        return atLeader(
                handed,
                () -> here(log.submit(
                                List.of(StateRequest.of(new Command.CountWork()).encode())))
                        .compose(outcomes -> switch (outcomes.getFirst()) {
                            case Outcome.Answered _ -> dump();
                            case Outcome.Failed failed -> Future.failedFuture(error(failed.exception()));
                        }),
                new JsonObject().put("operation", "backup"));
    }

    @Override
    public Future<Void> restore(Buffer backup) {
        byte[] bytes = backup.getBytes();
        return restore(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), bytes, 0);
    }

    /** One piece after the other: the last one replaces everything, or nothing where it is no backup. */
    private Future<Void> restore(long id, byte[] bytes, int piece) {
        int from = piece * PIECE;
        boolean last = from + PIECE >= bytes.length;
        byte[] content = java.util.Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PIECE));
        return state.ask(StateRequest.of(new Command.Restore(id, piece, last, content)))
                .compose(answer -> refusal(answer)
                        .<Future<Void>>map(Future::failedFuture)
                        .orElseGet(() -> last ? Future.succeededFuture() : restore(id, bytes, piece + 1)));
    }

    private static Optional<ApiException> refusal(byte[] answer) {
        try {
            return Answer.decode(answer) instanceof Answer.Refusal refused
                    ? Optional.of(
                            new ApiException(ErrorCode.INVALID_REQUEST, refused.message() + " Nothing was changed."))
                    : Optional.empty();
        } catch (IOException unreadable) {
            throw new IllegalStateException("the log's answer cannot be read", unreadable);
        }
    }

    /** On a worker's thread: a large state takes a moment. */
    private Future<Buffer> dump() {
        return vertx.executeBlocking(() -> Buffer.buffer(log.readLocal(Backup::of)))
                .recover(failure -> Future.failedFuture(noQuorum(failure.getMessage())));
    }

    private Future<Buffer> atLeader(boolean handed, Supplier<Future<Buffer>> local, JsonObject message) {
        Supplier<Future<Buffer>> attempt = () -> attempt(handed, local, message);
        // Whoever handed it over tries again, and may find another leader.
        return handed ? attempt.get() : until(System.nanoTime() + PATIENCE.toNanos(), attempt);
    }

    private Future<Buffer> until(long latest, Supplier<Future<Buffer>> attempt) {
        return attempt.get().recover(failure -> {
            boolean again = failure instanceof ApiException refused
                    && refused.code() == ErrorCode.NO_QUORUM
                    && System.nanoTime() - latest < 0;
            return again
                    ? vertx.timer(AGAIN_MILLIS, TimeUnit.MILLISECONDS).compose(over -> until(latest, attempt))
                    : Future.failedFuture(failure);
        });
    }

    private Future<Buffer> attempt(boolean handed, Supplier<Future<Buffer>> local, JsonObject message) {
        return switch (Course.of(view.get(), log.mayAct())) {
            case Course.Here() -> local.get();
            case Course.There(Address to) ->
                handed ? Future.failedFuture(noQuorum("this node does not lead.")) : ask(to, message);
            case Course.Nowhere(String why) -> Future.failedFuture(noQuorum(why));
            case Course.Off(String why) ->
                Future.failedFuture(new ApiException(ErrorCode.RAFT_DISABLED, why + " Nothing was done."));
        };
    }

    private Future<Buffer> ask(Address to, JsonObject message) {
        return transport
                .exchange(to, Ask.post(PATH, "application/json", message.toBuffer()), TIMEOUT)
                .recover(failure -> Future.failedFuture(new ApiException(
                        ErrorCode.OUTCOME_UNKNOWN,
                        "The leader at " + to + " did not answer; it may have done what was asked for.")))
                .compose(answer -> answer.status() == 200
                        ? Future.succeededFuture(answer.body())
                        : Future.failedFuture(error(answer.body())));
    }

    /** The leader's own words. */
    private static ApiException error(Buffer body) {
        try {
            JsonObject said = body.toJsonObject();
            return new ApiException(ErrorCode.valueOf(said.getString("code")), said.getString("error"));
        } catch (DecodeException | IllegalArgumentException | NullPointerException | ClassCastException noError) {
            return noQuorum("the leader does not take this agent's requests.");
        }
    }

    /** On this event loop, and with an error that clients understand. */
    private <T> Future<T> here(CompletionStage<T> stage) {
        return Future.fromCompletionStage(stage, vertx.getOrCreateContext())
                .recover(failure -> Future.failedFuture(error(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure)));
    }

    private static ApiException error(Throwable failure) {
        return switch (failure) {
            case IllegalArgumentException wrong -> new ApiException(ErrorCode.INVALID_REQUEST, wrong.getMessage());
            case StateLogException known
            when known.kind() == StateLogException.Kind.OUTCOME_UNKNOWN ->
                new ApiException(ErrorCode.OUTCOME_UNKNOWN, known.getMessage());
            default -> new ApiException(ErrorCode.NO_QUORUM, failure.getMessage());
        };
    }

    private static ApiException noQuorum(String why) {
        return new ApiException(ErrorCode.NO_QUORUM, "Raft has no quorum: " + why + " Nothing was done.");
    }
}
