package io.ringrift.agent.rest;

import io.ringrift.agent.coordinator.AgentView;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * What answers the requests on replicated state, after all checks of the request itself. The route says which operation it is.
 */
@FunctionalInterface
interface StateApi {
    Future<Reply> answer(String method, String path, Request request);

    /** Answers at once that there is no Raft to answer, or none that works, so that nothing was applied. */
    static StateApi withoutRaft(Supplier<AgentView> view) {
        return (method, path, request) -> Future.failedFuture(refusal(view.get().raft()));
    }

    private static ApiException refusal(AgentView.RaftView raft) {
        return raft.enabled()
                ? new ApiException(
                        ErrorCode.NO_QUORUM,
                        "Raft has no quorum: " + raft.message().orElse("no leader is known") + ". Nothing was applied.")
                : new ApiException(
                        ErrorCode.RAFT_DISABLED,
                        "Replicated state needs Raft, which is off (RINGRIFT_RAFT_ENABLED). Nothing was applied.");
    }
}
