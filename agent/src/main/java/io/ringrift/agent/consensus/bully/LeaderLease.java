package io.ringrift.agent.consensus.bully;

import io.ringrift.agent.time.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How long this node may act as leader: the lease counts from when a message was sent that a quorum has acknowledged, which is
 * never later than when the acknowledger began to count.
 */
final class LeaderLease {
    private static final int ROUNDS = 8;

    private final String self;
    private final Map<Long, Duration> rounds = new LinkedHashMap<>();
    private final Map<String, Duration> acknowledged = new HashMap<>();
    private long sequence;

    /** A lease that the acknowledged claim begins. */
    LeaderLease(String self, Duration claimSentAt, Set<String> acceptedBy) {
        this.self = self;
        rounds.put(0L, claimSentAt);
        acceptedBy.forEach(nodeId -> acknowledged.put(nodeId, claimSentAt));
        acknowledged.put(self, claimSentAt);
    }

    /** Begins a round of heartbeats and returns its number. */
    long nextRound(Duration now) {
        rounds.put(++sequence, now);
        rounds.keySet().removeIf(round -> round <= sequence - ROUNDS);
        acknowledged.put(self, now);
        return sequence;
    }

    void acknowledged(String nodeId, long round) {
        Duration sentAt = rounds.get(round);
        if (sentAt != null) {
            acknowledged.merge(nodeId, sentAt, Durations::max);
        }
    }

    /** When it ends, by the members and the quorum as they are now; zero where too few have acknowledged. */
    Duration end(Set<String> members, int quorum) {
        List<Duration> times = new ArrayList<>();
        for (String member : members) {
            if (acknowledged.containsKey(member)) {
                times.add(acknowledged.get(member));
            }
        }
        if (times.size() < quorum) {
            return Duration.ZERO;
        }
        times.sort(Comparator.reverseOrder());
        return times.get(quorum - 1).plus(Bully.LEASE);
    }
}
