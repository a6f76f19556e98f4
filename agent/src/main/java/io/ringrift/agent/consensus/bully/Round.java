package io.ringrift.agent.consensus.bully;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** One round of asking whether this node may stand. */
final class Round {
    final long number;
    final Duration deadline;
    final Set<String> go = new HashSet<>();
    /** Living members that come before this node and have not answered yet. */
    final Set<String> awaited;

    final Set<String> answered = new HashSet<>();
    boolean leaderKnown;

    Round(long number, Duration deadline, Set<String> awaited) {
        this.number = number;
        this.deadline = deadline;
        this.awaited = new HashSet<>(awaited);
    }

    /** How many members answered, whatever they said; this node included. */
    int answered(Set<String> members) {
        return 1 + (int) answered.stream().filter(members::contains).count();
    }

    int go(Set<String> members) {
        return (int) go.stream().filter(members::contains).count();
    }
}
