package io.ringrift.agent.gateway;

import io.ringrift.agent.state.Outcome;
import io.ringrift.agent.state.StateLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/**
 * Into the log of this node. What is read from sockets in one turn of the event loop goes there together: the first of many would else have
 * an entry of its own, which the others wait for. On one event loop only.
 */
final class Intake {
    private final Vertx vertx;
    private final StateLog log;
    private List<byte[]> requests = new ArrayList<>();
    private List<Promise<byte[]>> answers = new ArrayList<>();

    Intake(Vertx vertx, StateLog log) {
        this.vertx = vertx;
        this.log = log;
    }

    /** The encoded answer; fails with {@link io.ringrift.agent.state.StateLogException}. */
    Future<byte[]> submit(byte[] request) {
        if (requests.isEmpty()) {
            vertx.getOrCreateContext().runOnContext(turnOver -> hand());
        }
        Promise<byte[]> answer = Promise.promise();
        requests.add(request);
        answers.add(answer);
        return answer.future();
    }

    static void tell(Promise<byte[]> answer, Outcome outcome) {
        switch (outcome) {
            case Outcome.Answered(var encoded) -> answer.complete(encoded);
            case Outcome.Failed failed -> answer.fail(failed.exception());
        }
    }

    private void hand() {
        Context here = vertx.getOrCreateContext();
        List<Promise<byte[]>> waiting = answers;
        List<byte[]> together = requests;
        answers = new ArrayList<>();
        requests = new ArrayList<>();
        log.submit(together)
                .thenAccept(outcomes -> here.runOnContext(known -> {
                    for (int i = 0; i < waiting.size(); i++) {
                        tell(waiting.get(i), outcomes.get(i));
                    }
                }));
    }
}
