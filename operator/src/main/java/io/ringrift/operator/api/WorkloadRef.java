package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A workload in the same namespace that somebody else owns and that gets the sidecar.
 *
 * @param kind {@code StatefulSet}
 * @param name its name
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record WorkloadRef(
        @JsonPropertyDescription("Kind of the workload: StatefulSet.")
        @Size(min = 1, max = 63) @Default("StatefulSet")
        @ValidationRule(
                value = "self == 'StatefulSet'",
                message = "kind must be StatefulSet: agents need the stable names that only its pods have")
        String kind,

        @JsonPropertyDescription("Name of the workload, in the resource's own namespace.")
        @Required
        @Size(min = 1, max = 63) String name) {
    public WorkloadRef {
        kind = kind == null ? "StatefulSet" : kind;
    }
}
