package io.ringrift.agent.consensus.bully;

/** What an election wants done. */
public sealed interface BullyEffect {
    /** Send to a node. */
    record Send(String nodeId, BullyMessage message) implements BullyEffect {}

    /** Answer the request that came with this exchange number. */
    record Reply(long exchange, BullyMessage message) implements BullyEffect {}

    /** Make the promise durable, then say so by {@link Bully#persisted}; nothing is promised before. */
    record Persist(Remembered promise) implements BullyEffect {}
}
