package io.ringrift.agent.coordinator;

import io.ringrift.agent.consensus.bully.Remembered;
import io.ringrift.agent.consensus.raft.RaftOrder;
import io.ringrift.agent.membership.Address;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What the coordinator wants done, in this order. Exactly one Reply or Drop ends every exchange. */
public sealed interface Effect {
    /**
     * Send a request; whatever is answered goes to {@link HybridCoordinator#answered}.
     *
     * @param expected the node that should answer; empty where only the address is known
     * @param timeout after which no answer is waited for
     */
    record Send(Optional<String> expected, Address to, Message message, Duration timeout) implements Effect {}

    /** Answer the request that came with this exchange number. */
    record Reply(long exchange, Message message) implements Effect {}

    /** Refuse the request that came with this exchange number, or note that an answer (exchange 0) was not taken. */
    record Drop(long exchange, DropReason reason) implements Effect {}

    /** Make durable that no epoch up to this one is promised again, then call {@link HybridCoordinator#persisted}. */
    record Persist(Remembered promise) implements Effect {}

    /**
     * Make durable whether the members are known to run Raft alone, then call {@link HybridCoordinator#raftOnlyPersisted}. Of two in a row the
     * later one counts.
     */
    record PersistRaftOnly(boolean raftOnly) implements Effect {}

    /** Look up a host's addresses, then call {@link HybridCoordinator#resolved}. */
    record Resolve(String host) implements Effect {}

    /**
     * Where SWIM may find members; replaces what was said before.
     *
     * @param gossip host and SWIM port of every peer that was heard
     * @param expected a peer that lives asks SWIM, so that silence there means that something is wrong
     */
    record Seeds(Set<Address> gossip, boolean expected) implements Effect {}

    /** Have this node's Raft peer do this. */
    record Raft(RaftOrder order) implements Effect {}

    /** Tell whoever subscribed. */
    record Emit(AgentEvent event) implements Effect {}

    /** Say to whoever runs this agent that something is wrong, in a sentence. */
    record Complain(String sentence) implements Effect {}
}
