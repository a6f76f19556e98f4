package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * The change of configuration that is under way, or the last one. Written before it is acted on: an operator that is killed
 * at any moment resumes from here.
 *
 * @param from the stage it started from
 * @param to the stage it leads to
 * @param step which of {@code spec.rollout.steps}, from 1, or of the two phases of a change of consensus; null outside a
 *     stepwise change
 * @param generation number of the newest configuration document; only ever rises
 * @param digest of the content that does not depend on the stage, by which a change of it is known
 * @param updated number of agents that run what they shall
 * @param since when the documents were last handed out anew, RFC 3339
 * @param message a sentence for humans
 * @param direction {@code Up}, {@code Down} or {@code Rollback} while a change of stage is under way; else null
 * @param baseGeneration what the agents run that are not switched yet; null outside a change of stage
 * @param started when the change of stage began
 * @param stepSince when its present step began, without the time it was held
 * @param passingSince since when every gate holds
 * @param failingSince since when a gate says no
 * @param reason why the cluster goes down
 * @param healthySince since when the stage that was reached is healthy; the soak counts from here
 * @param failedGeneration the resource's generation whose change of stage failed; it is not tried again
 * @param failure why it failed
 * @param pausedSince since when the roll-out is held by annotation
 * @param voters who votes in Raft, as far as the agents were told; never null, empty: nobody was told yet
 * @param nextVoters who votes when the change of voters that is under way is over; never null, empty: none is
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RolloutStatus(
        @JsonPropertyDescription("The stage it started from.")
        Integer from,

        @JsonPropertyDescription("The stage it leads to.") Integer to,

        @JsonPropertyDescription(
                "Which step, from 1: of spec.rollout.steps, or where consensus changes of two, prepare and commit.")
        Integer step,

        @JsonPropertyDescription("Number of the configuration that agents are given; it only ever rises.")
        Long generation,

        @JsonPropertyDescription("Digest of the content that does not depend on the stage.")
        String digest,

        @JsonPropertyDescription("Number of agents that run what they shall.")
        Integer updated,

        @JsonPropertyDescription("When the configuration was last handed out anew.")
        String since,

        @JsonPropertyDescription("What goes on, in a sentence.")
        String message,

        @JsonPropertyDescription("Up, Down or Rollback while a change of stage is under way.")
        String direction,

        @JsonPropertyDescription("Number of the configuration of agents that are not switched yet.")
        Long baseGeneration,

        @JsonPropertyDescription("When the change of stage began.")
        String started,

        @JsonPropertyDescription("When its present step began.")
        String stepSince,

        @JsonPropertyDescription("Since when every gate of the step holds.")
        String passingSince,

        @JsonPropertyDescription("Since when a gate of the step says no.")
        String failingSince,

        @JsonPropertyDescription("Why the cluster goes down.")
        String reason,

        @JsonPropertyDescription("Since when the present stage is healthy; the soak counts from here.")
        String healthySince,

        @JsonPropertyDescription("The generation of the resource whose change of stage failed.")
        Long failedGeneration,

        @JsonPropertyDescription("Why it failed.") String failure,

        @JsonPropertyDescription("Since when the annotation ringrift.io/rollout holds it.")
        String pausedSince,

        @JsonPropertyDescription("The members that vote in Raft, as the agents were told.")
        List<String> voters,

        @JsonPropertyDescription("The members that vote when the change of voters that is under way is over.")
        List<String> nextVoters)
        implements RolloutStatusBuilder.With {
    public RolloutStatus {
        voters = voters == null ? List.of() : List.copyOf(voters);
        nextVoters = nextVoters == null ? List.of() : List.copyOf(nextVoters);
    }
}
