package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * Who leads, and how that is agreed. {@link RingRiftCluster#voterNames} says who the voters are in effect.
 *
 * @param mode null: the stage's
 * @param shadow never null
 * @param voters how many, odd, at most 15; null: as many as {@code voterNames}, else the largest odd number that is at most 3 and at most
 *     the replicas
 * @param voterNames which; never null, empty: the lowest ordinals
 * @param profile never null
 * @param recoveryGeneration never null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ConsensusSpec(
        @JsonPropertyDescription(
                "Who decides leadership: bully, raft, or hybrid (Raft first, Bully as fallback). Set, it wins over the stage.")
        ConsensusMode mode,

        @JsonPropertyDescription("Run Raft beside Bully to measure it; it decides nothing.") @Default("false")
        Boolean shadow,

        @JsonPropertyDescription(
                "How many members vote in Raft: odd, at most replicas and at most 15; those with the lowest ordinals. Unset: as many as voterNames, else the largest odd number that is at most 3 and at most replicas.")
        @Min(0) @Max(15) @ValidationRule(
                value = "self % 2 == 1",
                message = "voters must be an odd number (1, 3, 5 ...): an even one tolerates no failure more")
        Integer voters,

        @JsonPropertyDescription(
                "Which members vote in Raft, by pod name (demo-0, demo-1 ...): an odd number of them, at most 15.")
        @Size(max = 15) @ValidationRule(
                value = "self.size() % 2 == 1",
                message = "voterNames must name an odd number of members (1, 3, 5 ...)")
        List<@Size(min = 1, max = 63) String> voterNames,

        @JsonPropertyDescription(
                "Raft's election timers: default (75-150 ms), steady (150-300 ms) or throttled (500-1000 ms, for voters starved of CPU).")
        @Default("default")
        RaftProfile profile,

        @JsonPropertyDescription(
                "Raised by hand after a majority of the voters' disks is lost: the cluster starts afresh from what is left. Never lowered.")
        @Min(0) @Default("0")
        @ValidationRule(value = "self >= oldSelf", message = "recoveryGeneration can only be raised")
        Integer recoveryGeneration) {
    public ConsensusSpec {
        shadow = shadow != null && shadow;
        voterNames = voterNames == null ? List.of() : List.copyOf(voterNames);
        profile = profile == null ? RaftProfile.DEFAULT : profile;
        recoveryGeneration = recoveryGeneration == null ? 0 : recoveryGeneration;
    }

    /** What holds where a resource says nothing of consensus. */
    static final ConsensusSpec UNSET = new ConsensusSpec(null, null, null, null, null, null);
}
