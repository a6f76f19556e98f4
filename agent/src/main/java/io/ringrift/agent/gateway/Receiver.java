package io.ringrift.agent.gateway;

import io.ringrift.agent.state.Answer;
import io.ringrift.agent.state.Command;
import io.ringrift.agent.state.Outcome;
import io.ringrift.agent.state.StateBatch;
import io.ringrift.agent.state.StateBatch.Item;
import io.ringrift.agent.state.StateLog;
import io.ringrift.agent.state.StateLogException;
import io.ringrift.agent.state.StateLogException.Kind;
import io.ringrift.agent.state.StateRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Answers requests with what this node has, its log where it leads, and hands nothing on. On one event loop only. */
final class Receiver {
    private static final Future<Void> NEVER = Promise.<Void>promise().future();

    private final StateLog log;
    private final Intake intake;
    private final Waiters waiters;

    Receiver(StateLog log, Intake intake, Waiters waiters) {
        this.log = log;
        this.intake = intake;
        this.waiters = waiters;
    }

    /** @param until when what is awaited is answered though there is nothing to be had */
    Future<byte[]> answer(StateBatch.Asked asked, Duration until) {
        List<Future<Outcome>> outcomes = asked.items().stream()
                .map(item ->
                        answer(item, until).<Outcome>map(Outcome.Answered::new).otherwise(Outcome.Failed::of))
                .toList();
        return Future.join(outcomes)
                .map(all -> StateBatch.encodeOutcomes(
                        outcomes.stream().map(Future::result).toList()));
    }

    /** From what was applied here. @throws StateLogException where nothing is */
    byte[] read(StateRequest request) {
        Command.Read read = (Command.Read) request.command();
        return log.readLocal(state -> state.read(read, request.epoch())).encode();
    }

    /** Whether it says that there is nothing to be had now, but may be later. */
    static boolean isNothing(byte[] answer) {
        try {
            return switch (Answer.decode(answer)) {
                case Answer.Claimed(var items) -> items.isEmpty();
                case Answer.Refusal refusal -> refusal.code() == Answer.Code.LOCKED;
                default -> false;
            };
        } catch (IOException unreadable) {
            return false;
        }
    }

    private Future<byte[]> answer(Item item, Duration until) {
        return switch (item.how()) {
            case COMMITTED -> submit(item.request());
            case AWAITED ->
                submit(item.request())
                        .compose(answer -> isNothing(answer)
                                ? await(item.request(), until).map(over -> answer)
                                : Future.succeededFuture(answer));
            case STALE -> {
                try {
                    yield Future.succeededFuture(read(StateRequest.decode(item.request())));
                } catch (IOException | StateLogException | ClassCastException failed) {
                    yield Future.failedFuture(failed);
                }
            }
        };
    }

    /** Until it is worth asking again, which is for the one who asked, or until the time is over. */
    private Future<Boolean> await(byte[] request, Duration until) {
        try {
            return waiters.await(StateRequest.decode(request).command(), until, NEVER);
        } catch (IOException unreadable) {
            return Future.failedFuture(unreadable);
        }
    }

    private Future<byte[]> submit(byte[] request) {
        return log.mayAct()
                ? intake.submit(request)
                : Future.failedFuture(
                        new StateLogException(Kind.NOT_LEADER, "This node does not act as Raft's leader."));
    }
}
