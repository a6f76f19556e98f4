package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.ResourceRequirements;

/**
 * The sidecar.
 *
 * @param image null: the operator's default, recorded in status when the cluster is first seen
 * @param resources null: the operator's default
 * @param logLevel never null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AgentSpec(
        @JsonPropertyDescription(
                "Image of the agent. Unset: the one that the operator brought when it first saw this cluster; an upgrade of the operator changes it for no existing cluster.")
        @Size(min = 1, max = 500) String image,

        @JsonPropertyDescription(
                "CPU and memory of the agent's container. Unset: 100m and 96Mi requested, 256Mi at most.")
        ResourceRequirements resources,

        @JsonPropertyDescription(
                "From which level on the agents log: TRACE, DEBUG, INFO, WARN or ERROR. Takes effect without a restart.")
        @Default("INFO")
        LogLevel logLevel) {
    public AgentSpec {
        logLevel = logLevel == null ? LogLevel.INFO : logLevel;
    }
}
