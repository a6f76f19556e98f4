package io.ringrift.agent.consensus.bully;

import io.ringrift.agent.config.AgentConfig.BullyQuorum;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who has a say in elections.
 *
 * @param members node ids whose majority counts, this node's included
 * @param unknown members whose node id is not known yet
 * @param complete false while the number of members cannot be told, because a name was never resolved
 * @param living nodes that are neither FAILED nor LEFT
 * @param left nodes that said goodbye
 */
public record Electorate(Set<String> members, int unknown, boolean complete, Set<String> living, Set<String> left) {
    public Electorate {
        members = Set.copyOf(members);
        living = Set.copyOf(living);
        left = Set.copyOf(left);
    }

    int size() {
        return members.size() + unknown;
    }

    /** How many promises a leader needs, its own included. */
    int quorum(BullyQuorum rule) {
        return switch (rule) {
            case MAJORITY -> size() / 2 + 1;
            case NONE -> 1;
        };
    }

    /** Everybody who should hear of an election: members, and whoever lives without being one here. */
    Set<String> recipients(String self) {
        Set<String> recipients = new TreeSet<>(members);
        recipients.addAll(living);
        recipients.removeAll(left);
        recipients.remove(self);
        return recipients;
    }

    /** A number of {@code self} that no other member has: its rank by node id. */
    int rank(String self) {
        return List.copyOf(new TreeSet<>(members)).indexOf(self);
    }
}
