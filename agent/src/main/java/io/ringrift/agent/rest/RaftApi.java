package io.ringrift.agent.rest;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * Raft's operations, from any agent. Called on the server's event loop, where answers are given too; each fails with {@link ApiException}.
 * An operation that is {@code handed} came from another agent and is handed on to nobody.
 */
public interface RaftApi {
    /** Hands leadership to this voter, or to the one that is furthest: {@code {"leader": node}}. */
    Future<JsonObject> transfer(Optional<String> to, boolean handed);

    /** Makes this node's peer, or the leader's where there is none, take a snapshot: {@code {"node_id", "index"}}. */
    Future<JsonObject> snapshot(boolean handed);

    /** Everything that users put into the replicated state. @param stale as it is here, without asking the leader */
    Future<Buffer> backup(boolean stale, boolean handed);

    /** Puts a backup in the place of what there is. */
    Future<Void> restore(Buffer backup);
}
