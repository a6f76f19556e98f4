package io.ringrift.agent.rest;

import io.ringrift.agent.state.StateRequest;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * What answers requests on replicated state, after all checks of the request itself. Called on the server's event loop, where answers are
 * given too; each fails with {@link ApiException}.
 */
public interface StateApi {
    /** Answers through the log, wherever its leader is: an encoded {@link io.ringrift.agent.state.Answer}. */
    Future<byte[]> ask(StateRequest request);

    /**
     * The same, and again for as long as there is nothing to claim, or somebody else holds the lock.
     *
     * @param patience how long at most
     * @param client ends when whoever asked goes away
     */
    Future<byte[]> ask(StateRequest request, Duration patience, Future<Void> client);

    /** Answers a read from what was applied here or, where nothing is, at another agent; needs no quorum. */
    Future<byte[]> askStale(StateRequest request);

    /** Answers what another agent was asked: never handed on once more. Both are messages of {@link io.ringrift.agent.state.StateBatch}. */
    Future<byte[]> forwarded(byte[] message);
}
