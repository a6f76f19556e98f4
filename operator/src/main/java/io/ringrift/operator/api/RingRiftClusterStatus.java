package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * What is so, and what the operator is about to do: its write-ahead log. Every component may be null until it is known,
 * but the lists, which may be empty.
 *
 * @param observedGeneration the resource's generation that all of this is about
 * @param stage the highest stage that every agent has acknowledged
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RingRiftClusterStatus(
        @JsonPropertyDescription("The generation of the resource that this status is about.")
        Long observedGeneration,

        @JsonPropertyDescription("The highest stage that every agent has acknowledged.")
        Integer stage,

        @JsonPropertyDescription(
                "What goes on, in one word: Pending, Stable, Soaking, Canary, Verifying, RollingBack, Paused or Degraded.")
        Phase phase,

        @JsonPropertyDescription("Short texts for kubectl get.")
        Summary summary,

        @JsonPropertyDescription("The change that is under way, or the last one.")
        RolloutStatus rollout,

        @JsonPropertyDescription("Who is alive, as the agents report it.")
        MembershipStatus membership,

        @JsonPropertyDescription("Who leads, as the agents report it.")
        ConsensusStatus consensus,

        @StatusReplicas @JsonPropertyDescription("Number of pods that exist.")
        Integer replicas,

        @JsonPropertyDescription("Number of pods that are ready.")
        Integer readyReplicas,

        @LabelSelector @JsonPropertyDescription("Label selector of the pods, for the scale subresource.")
        String selector,

        @JsonPropertyDescription("The last stage that was found good; where a rollback goes.")
        Integer lastGoodStage,

        @JsonPropertyDescription("The agent's image in use where spec.agent.image is unset.")
        String agentImage,

        @JsonPropertyDescription("The last changes of stage, newest first.")
        List<HistoryEntry> history,

        @JsonPropertyDescription("Ready, Progressing, Degraded, Converged, LeaderElected and others.")
        List<Condition> conditions)
        implements RingRiftClusterStatusBuilder.With {
    public RingRiftClusterStatus {
        history = history == null ? List.of() : List.copyOf(history);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /** What is known of a cluster that was never looked at. */
    public static final RingRiftClusterStatus UNKNOWN = new RingRiftClusterStatus(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null);
}
