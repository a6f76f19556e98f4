package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * The volume that every agent claims for Raft's log.
 *
 * @param size a quantity, for example {@code 1Gi}
 * @param storageClassName null: the cluster's default class
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record StorageSpec(
        @JsonPropertyDescription("Size of each agent's volume, for example 1Gi.")
        @Required
        @Size(min = 1, max = 32) @ValidationRule(
                value = "isQuantity(self) && quantity(self).isGreaterThan(quantity('0'))",
                message = "size must be a quantity greater than 0, such as 500Mi or 1Gi")
        String size,

        @JsonPropertyDescription("Storage class of the volumes. Unset: the cluster's default class.")
        @Size(min = 1, max = 253) String storageClassName) {}
