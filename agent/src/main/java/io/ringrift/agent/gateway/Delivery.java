package io.ringrift.agent.gateway;

import io.ringrift.agent.state.StateBatch.How;
import io.vertx.core.Promise;
import java.time.Duration;

/** One request on its way to the leader, which may take more than one attempt. On one event loop only. */
final class Delivery {
    final How how;
    final byte[] request;
    final Duration latest;
    final Promise<byte[]> answer = Promise.promise();
    /** An attempt may have been applied: the request must not be called "not applied" any more. */
    boolean uncertain;

    /** @param latest when trying again ends, whatever the reason */
    Delivery(How how, byte[] request, Duration latest) {
        this.how = how;
        this.request = request;
        this.latest = latest;
    }
}
