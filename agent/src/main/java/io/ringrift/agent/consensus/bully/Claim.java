package io.ringrift.agent.consensus.bully;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** A claim under one epoch, from its own promise on. */
final class Claim {
    final long epoch;
    final long released;
    final Set<String> accepted = new HashSet<>();
    final Set<String> refused = new HashSet<>();
    /** Empty until this node's own promise is durable. */
    Duration sentAt;

    Duration deadline;
    boolean epochRefused;

    Claim(long epoch, long released, Duration deadline) {
        this.epoch = epoch;
        this.released = released;
        this.deadline = deadline;
    }

    boolean isSent() {
        return sentAt != null;
    }

    int accepted(Set<String> members) {
        return (int) accepted.stream().filter(members::contains).count();
    }

    boolean hopeless(Electorate electorate, int quorum) {
        return electorate.size()
                        - refused.stream()
                                .filter(electorate.members()::contains)
                                .count()
                < quorum;
    }
}
