package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/**
 * Who leads, as the agents report it.
 *
 * @param mode the mode that every reachable agent runs; null while they differ or none is reachable
 * @param leader node id; null: there is none
 * @param epoch the highest epoch seen; never goes back
 * @param source {@code raft} or {@code bully}; null without a leader
 * @param term Raft's; 0 while Raft is off
 * @param voters who votes in Raft, or would
 * @param fallbackActive Bully decides leadership
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConsensusStatus(
        @JsonPropertyDescription("The consensus mode that every agent runs; absent while they differ.")
        String mode,

        @JsonPropertyDescription("The leader's node id; absent: there is none.")
        String leader,

        @JsonPropertyDescription("The leadership's epoch, the fencing token; it never goes back.")
        Long epoch,

        @JsonPropertyDescription("Who elected the leader: raft or bully.")
        String source,

        @JsonPropertyDescription("Raft's term; 0 while Raft is off.")
        Long term,

        @JsonPropertyDescription("The members that vote in Raft, or would.")
        List<String> voters,

        @JsonPropertyDescription("Bully decides leadership.")
        Boolean fallbackActive) {
    public ConsensusStatus {
        voters = voters == null ? List.of() : List.copyOf(voters);
    }
}
