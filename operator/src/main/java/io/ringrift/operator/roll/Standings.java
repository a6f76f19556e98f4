package io.ringrift.operator.roll;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How far the voters are in Raft's log. The leader was asked before the others: who has applied what the leader had committed
 * then lacks nothing that was acknowledged.
 *
 * @param committed the leader's commit index; empty: there is no leader, or it did not answer
 * @param applied by voter; who did not answer, or does not vote, is not in it
 * @param voters the group's, as the leader knows them; empty where there is none
 */
public record Standings(OptionalLong committed, Map<String, Long> applied, Set<String> voters) {
    public Standings {
        applied = Map.copyOf(applied);
        voters = Set.copyOf(voters);
    }

    boolean caughtUp(String voter) {
        return committed.isPresent() && applied.getOrDefault(voter, -1L) >= committed.getAsLong();
    }
}
