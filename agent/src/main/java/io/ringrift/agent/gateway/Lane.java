package io.ringrift.agent.gateway;

import io.netty.channel.ConnectTimeoutException;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.runtime.PeerTransport;
import io.ringrift.agent.runtime.PeerTransport.Answer;
import io.ringrift.agent.runtime.PeerTransport.Ask;
import io.ringrift.agent.state.Outcome;
import io.ringrift.agent.state.StateBatch;
import io.ringrift.agent.state.StateBatch.Item;
import io.ringrift.agent.state.StateLogException;
import io.ringrift.agent.state.StateLogException.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Requests on their way to one other agent. Those that come while as many messages as may be are under way share the next one. On one
 * event loop only.
 */
final class Lane {
    static final String PATH = "/cluster/state";

    private static final String CONTENT_TYPE = "application/octet-stream";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int MAX_ITEMS = 512;
    private static final int MAX_BYTES = 1 << 20;

    private final PeerTransport transport;
    private final Address to;
    private final int maxUnderWay;
    private final Duration wait;
    private final Runnable idle;
    private final Queue<Waiting> queue = new ArrayDeque<>();
    private int underWay;

    private record Waiting(Item item, Promise<byte[]> answer) {}

    /**
     * @param wait how long a message may wait there for what is awaited
     * @param idle called when nothing is on its way any more
     */
    Lane(PeerTransport transport, Address to, int maxUnderWay, Duration wait, Runnable idle) {
        this.transport = transport;
        this.to = to;
        this.maxUnderWay = maxUnderWay;
        this.wait = wait;
        this.idle = idle;
    }

    /** The encoded answer; fails with {@link StateLogException}. */
    Future<byte[]> send(Item item) {
        Promise<byte[]> answer = Promise.promise();
        queue.add(new Waiting(item, answer));
        pump();
        return answer.future();
    }

    private void pump() {
        while (underWay < maxUnderWay && !queue.isEmpty()) {
            List<Waiting> batch = new ArrayList<>();
            int bytes = 0;
            while (!queue.isEmpty()
                    && batch.size() < MAX_ITEMS
                    && (batch.isEmpty() || bytes + queue.peek().item.request().length <= MAX_BYTES)) {
                bytes += queue.peek().item.request().length;
                batch.add(queue.poll());
            }
            post(batch);
        }
    }

    private void post(List<Waiting> batch) {
        underWay++;
        byte[] message = StateBatch.encode(new StateBatch.Asked(
                wait.toMillis(), batch.stream().map(Waiting::item).toList()));
        transport
                .exchange(to, Ask.post(PATH, CONTENT_TYPE, Buffer.buffer(message)), TIMEOUT.plus(wait))
                .map(answer -> outcomes(answer, batch.size()))
                .otherwise(failure -> same(failed(failure), batch.size()))
                .onSuccess(outcomes -> {
                    underWay--;
                    // First the next message, which waits for nobody, then the answers of this one.
                    pump();
                    for (int i = 0; i < batch.size(); i++) {
                        Intake.tell(batch.get(i).answer, outcomes.get(i));
                    }
                    if (underWay == 0) {
                        idle.run();
                    }
                });
    }

    private List<Outcome> outcomes(Answer answer, int count) {
        if (answer.status() != 200) {
            return same(refused(answer.status()), count);
        }
        try {
            List<Outcome> outcomes = StateBatch.decodeOutcomes(answer.body().getBytes());
            if (outcomes.size() == count) {
                return outcomes;
            }
        } catch (IOException unreadable) {
            return same(new Outcome.Failed(Kind.OUTCOME_UNKNOWN, to + " answered what cannot be read."), count);
        }
        return same(new Outcome.Failed(Kind.OUTCOME_UNKNOWN, to + " answered other requests."), count);
    }

    private Outcome refused(int status) {
        return switch (status) {
            case 503 -> new Outcome.Failed(Kind.OVERLOADED, to + " has too much to do.");
            case 400, 401, 404, 405, 413 ->
                new Outcome.Failed(
                        Kind.NO_QUORUM,
                        "The leader at " + to + " does not take this agent's requests: HTTP status " + status + ".");
            default -> new Outcome.Failed(Kind.OUTCOME_UNKNOWN, to + " answered with HTTP status " + status + ".");
        };
    }

    private Outcome failed(Throwable failure) {
        boolean surely = failure instanceof PeerTransport.NotSent
                || failure instanceof ConnectException
                || failure instanceof ConnectTimeoutException;
        return new Outcome.Failed(
                surely ? Kind.NOT_LEADER : Kind.OUTCOME_UNKNOWN, "The leader at " + to + " does not answer.");
    }

    private static List<Outcome> same(Outcome outcome, int count) {
        return java.util.Collections.nCopies(count, outcome);
    }
}
