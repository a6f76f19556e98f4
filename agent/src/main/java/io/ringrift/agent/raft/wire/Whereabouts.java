package io.ringrift.agent.raft.wire;

import io.ringrift.agent.membership.Address;
import java.util.Optional;

/** Where a peer is at this moment; empty where nobody says to be it. Returns at once. */
@FunctionalInterface
public interface Whereabouts {
    Optional<Address> of(String peer);
}
