package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * How the cluster walks from stage to stage; no component is null.
 *
 * @param soak how long a stage must have been healthy before the next one
 * @param verify how long the gates watch each step
 * @param steps how many pods each step switches, absolute or in percent
 * @param progressDeadline a step that is not through by then is rolled back
 * @param automaticRollback false: a failed gate holds instead
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RolloutSpec(
        @JsonPropertyDescription(
                "How long the present stage must have been healthy before going up. 0s: at once. At most 720h.")
        @Size(max = 24) @Default("24h")
        @ValidationRule(value = Rules.SOAK, message = Rules.SOAK_MESSAGE)
        String soak,

        @JsonPropertyDescription("How long the gates watch after each step; less than progressDeadline.")
        @Size(max = 24) @Default("30s")
        @ValidationRule(value = Rules.VERIFY, message = Rules.VERIFY_MESSAGE)
        String verify,

        @JsonPropertyDescription(
                "How many pods have been switched after each step, as numbers or percentages; all of them after the last.")
        @Size(min = 1, max = 20) @Default("[\"1\", \"50%\", \"100%\"]")
        @ValidationRule(value = Rules.STEPS, message = Rules.STEPS_MESSAGE)
        List<@Size(min = 1, max = 5) String> steps,

        @JsonPropertyDescription("A step that has not passed its gates after so long is rolled back. At most 24h.")
        @Size(max = 24) @Default("10m")
        @ValidationRule(value = Rules.PROGRESS_DEADLINE, message = Rules.PROGRESS_DEADLINE_MESSAGE)
        String progressDeadline,

        @JsonPropertyDescription("Go back to the last good stage when a gate fails. False: hold there, degraded.")
        @Default("true")
        Boolean automaticRollback) {
    public RolloutSpec {
        soak = soak == null ? "24h" : soak;
        verify = verify == null ? "30s" : verify;
        steps = steps == null ? List.of("1", "50%", "100%") : List.copyOf(steps);
        progressDeadline = progressDeadline == null ? "10m" : progressDeadline;
        automaticRollback = automaticRollback == null || automaticRollback;
    }

    /** The defaults. */
    static final RolloutSpec UNSET = new RolloutSpec(null, null, null, null, null);
}
