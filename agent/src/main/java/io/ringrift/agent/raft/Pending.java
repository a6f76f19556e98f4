package io.ringrift.agent.raft;

import io.ringrift.agent.state.Applied;
import java.util.concurrent.CompletableFuture;

/** An entry that this node proposed and that waits to be applied here. */
final class Pending {
    final CompletableFuture<Applied> applied = new CompletableFuture<>();
    /** Set once it may be in the log: from then on a failure says nothing about what becomes of it. */
    volatile boolean taken;
}
