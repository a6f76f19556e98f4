package io.ringrift.agent.raft;

import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.state.Applied;
import io.ringrift.agent.state.ReplicatedState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A running Raft peer, in words that need no Raft library: an agent without Raft loads none of its classes. Thread-safe. */
interface Peer {
    /** What it says of itself now; {@code disk} is left empty. */
    RaftReport report();

    /** How much longer it may act as leader by what voters answered; empty where it does not lead or may not. */
    Optional<Duration> leaseLeft();

    /** Appends an entry; fails with {@link io.ringrift.agent.state.StateLogException}. */
    CompletionStage<Applied> propose(byte[] entry);

    <T> T read(Function<ReplicatedState, T> how);

    /** What time it is for entries that are proposed now. */
    EntryClock clock();

    void addresses(Map<PeerId, Address> byPeer);

    /**
     * Changes the voters, if they still are {@code from}; completes when done. A newcomer is brought up to date first, without a vote and
     * before anything of the change is in the log; fails where that makes no progress for seconds.
     */
    CompletionStage<Void> reconfigure(List<PeerId> from, List<PeerId> voters);

    CompletionStage<Void> transfer(PeerId to);

    /** Stands for no election from now on, or does so again; it votes all the same, and leads on if it does. */
    void abstain(boolean wanted);

    /** Stands for election at once, without waiting for the leader's silence. */
    void stand(PeerId leader);

    /**
     * Connects to another voter by asking for a vote of term 0, which nobody gives. Blocks for a second at most.
     */
    void greet(PeerId voter);

    /** Takes a snapshot; the index it holds. */
    CompletionStage<Long> snapshot();

    /** Ends it, after at most a few seconds. Blocks. */
    void close();
}
