package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * SWIM's times and numbers. Every component may be null: then the profile's holds.
 *
 * @param failureTimeout from the first missed ping to FAILED
 * @param suspicionTimeout less than the failure time-out
 * @param pingInterval between two pings of one agent
 * @param pingRequestGroupSize indirect probers, 1 to 10
 * @param maxTransmissions gossip sends per update, 1 to 100
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SwimSpec(
        @JsonPropertyDescription("From the first missed ping to FAILED, at most. More than 0, at most 10m.")
        @Size(max = 16) @ValidationRule(value = Rules.AGENT_TIME, message = Rules.AGENT_TIME_MESSAGE)
        String failureTimeout,

        @JsonPropertyDescription("How long a member is suspected before it is failed; less than failureTimeout.")
        @Size(max = 16) @ValidationRule(value = Rules.AGENT_TIME, message = Rules.AGENT_TIME_MESSAGE)
        String suspicionTimeout,

        @JsonPropertyDescription("Time between two pings of one agent. More than 0, at most 10m.")
        @Size(max = 16) @ValidationRule(value = Rules.AGENT_TIME, message = Rules.AGENT_TIME_MESSAGE)
        String pingInterval,

        @JsonPropertyDescription("How many members are asked to probe one that did not answer: 1 to 10.")
        @Min(1) @Max(10) Integer pingRequestGroupSize,

        @JsonPropertyDescription("How often an update is gossiped on by one agent: 1 to 100.") @Min(1) @Max(100) Integer maxTransmissions) {
    /** Everything is the profile's. */
    static final SwimSpec UNSET = new SwimSpec(null, null, null, null, null);
}
