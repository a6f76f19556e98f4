package io.ringrift.operator.observe;

import java.util.OptionalLong;
import java.util.Set;

/**
 * Where one agent's Raft peer is, asked for at this moment.
 *
 * @param role {@code leader}, {@code follower}, {@code candidate}, {@code listener} or {@code none}
 * @param commitIndex empty: it has none
 * @param appliedIndex empty: it has none
 * @param voters the group's, as this peer knows them
 */
public record RaftStanding(String role, OptionalLong commitIndex, OptionalLong appliedIndex, Set<String> voters) {
    public RaftStanding {
        voters = Set.copyOf(voters);
    }

    /** Whether it leads. */
    public boolean leads() {
        return "leader".equals(role);
    }

    /** Whether it counts in the majority: one that is only being caught up does not. */
    public boolean votes() {
        return leads() || "follower".equals(role);
    }
}
