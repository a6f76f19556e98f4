package io.ringrift.agent.consensus.raft;

import io.ringrift.agent.membership.Address;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is wanted of this node's Raft peer. Orders are carried out in their sequence; none blocks whoever gives it. */
public sealed interface RaftOrder {
    /** Read what the disk remembers, and make it a peer's where it is new; the next report tells. */
    record OpenDisk() implements RaftOrder {}

    /** Run exactly this peer, or none. */
    record Run(Optional<PeerPlan> plan) implements RaftOrder {}

    /**
     * Where the peers are that nodes say they run now. The former peer of a node whose disk was lost is nowhere: what is meant for it must never
     * reach its successor, which would answer for it.
     */
    record Addresses(Map<PeerId, Address> byPeer) implements RaftOrder {}

    /** Append the entry that assigns {@code epoch} to this node, if it still leads in {@code term}. */
    record Begin(long term, long epoch) implements RaftOrder {}

    /** Take commands under this epoch from now on; empty: take none. */
    record Act(Optional<Long> epoch) implements RaftOrder {}

    /** Change the group's voters, if they still are {@code from}; nobody is a listener then. */
    record Reconfigure(List<PeerId> from, List<PeerId> voters) implements RaftOrder {}

    /** Stand for no election, because this node retires, or do so again; its vote counts all the same. */
    record Abstain(boolean wanted) implements RaftOrder {}

    /** Hand leadership over to this node. */
    record Transfer(String nodeId) implements RaftOrder {}
}
