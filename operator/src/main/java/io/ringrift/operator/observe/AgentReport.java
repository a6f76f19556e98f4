package io.ringrift.operator.observe;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What one agent says of itself and of the others: of its {@code GET /status} the part that matters to the operator. Two
 * equal reports need no second look.
 *
 * @param generation of the configuration that it runs; empty where nobody numbered it
 * @param refused the configuration that it did not take
 * @param leader who leads in its view
 * @param epoch of the leadership, or the highest seen
 * @param source {@code raft} or {@code bully}; empty without a leader
 * @param raft its Raft peer; empty while Raft is off
 * @param fallbacks the protocols that were wanted and are not in use, each with its reason
 * @param viewHash equal where two agents hold the same members in the same states
 * @param view state by node id of every member that it knows, itself among them
 */
@RecordBuilder
public record AgentReport(
        String nodeId,
        OptionalLong generation,
        Optional<Refusal> refused,
        AgentModes modes,
        boolean swimFallbackActive,
        boolean raftFallbackActive,
        Optional<String> leader,
        long epoch,
        Optional<String> source,
        Optional<RaftPeer> raft,
        List<String> fallbacks,
        String viewHash,
        Map<String, String> view)
        implements AgentReportBuilder.With {
    public AgentReport {
        fallbacks = List.copyOf(fallbacks);
        view = Map.copyOf(view);
    }

    /** Whether it runs the configuration of that generation. */
    public boolean runs(long wanted) {
        return generation.isPresent() && generation.getAsLong() == wanted;
    }

    /** Whether it runs an earlier configuration than the one of that generation, or one without a number. */
    boolean isBehind(long wanted) {
        return generation.isEmpty() || generation.getAsLong() < wanted;
    }

    /**
     * A configuration that was refused whole.
     *
     * @param problems a sentence each: the key, the value, what is allowed
     */
    public record Refusal(OptionalLong generation, List<String> problems) {
        public Refusal {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Its part in Raft.
     *
     * @param message why it is not available; empty while it is
     * @param leader as this peer knows it
     * @param voters the group's, as this peer knows them
     * @param commitIndex to the thousand below, so that a busy log is no news with every entry; empty where there is no log
     * @param appliedIndex likewise
     * @param dataLost a majority of the group's disks is gone
     */
    public record RaftPeer(
            boolean available,
            Optional<String> message,
            Optional<String> leader,
            long term,
            Set<String> voters,
            OptionalLong commitIndex,
            OptionalLong appliedIndex,
            boolean dataLost) {
        public RaftPeer {
            voters = Set.copyOf(voters);
        }
    }

    /** The switches that it runs, as it writes them. */
    public record AgentModes(boolean swimEnabled, String membership, boolean raftEnabled, String consensus) {}
}
