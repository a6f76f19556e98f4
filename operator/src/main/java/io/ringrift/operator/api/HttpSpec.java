package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * HTTP polling's times; none is null.
 *
 * @param pollInterval between two polls of one peer
 * @param suspectAfter more than the poll interval
 * @param failedAfter more than {@code suspectAfter}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record HttpSpec(
        @JsonPropertyDescription(
                "Time between two polls of one peer; less than suspectAfter. More than 0, at most 10m.")
        @Size(max = 16) @Default("15s")
        @ValidationRule(value = Rules.AGENT_TIME, message = Rules.AGENT_TIME_MESSAGE)
        String pollInterval,

        @JsonPropertyDescription("A peer that was not heard for so long is suspected; less than failedAfter.")
        @Size(max = 16) @Default("45s")
        @ValidationRule(value = Rules.AGENT_TIME, message = Rules.AGENT_TIME_MESSAGE)
        String suspectAfter,

        @JsonPropertyDescription("A peer that was not heard for so long is failed. At most 10m.")
        @Size(max = 16) @Default("75s")
        @ValidationRule(value = Rules.AGENT_TIME, message = Rules.AGENT_TIME_MESSAGE)
        String failedAfter) {
    public HttpSpec {
        pollInterval = pollInterval == null ? "15s" : pollInterval;
        suspectAfter = suspectAfter == null ? "45s" : suspectAfter;
        failedAfter = failedAfter == null ? "75s" : failedAfter;
    }

    /** The defaults. */
    static final HttpSpec UNSET = new HttpSpec(null, null, null);
}
