package io.ringrift.agent.runtime;

import io.ringrift.agent.consensus.raft.RaftOrder;
import io.ringrift.agent.consensus.raft.RaftReport;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** This node's Raft peer as the loop drives it. Thread-safe; nothing here blocks. */
public interface RaftPort {
    /** Carries an order out, after those before it. */
    void carryOut(RaftOrder order);

    /** Tells of every change from now on, and twice a second while a peer runs, from a thread of its own. */
    void follow(Consumer<RaftReport> follower);

    /** How much longer this node may act as Raft's leader by what voters answered; empty where it may not. Cheap. */
    Optional<Duration> leaseLeft();
}
