package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * What {@code kubectl get} shows in columns that no path into other fields can make.
 *
 * @param stage the actual stage, and where it should be while that differs: {@code 1->2}
 * @param ready ready pods of wanted ones: {@code 5/5}
 * @param alive members alive of all wanted ones: {@code 5/5}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Summary(
        @JsonPropertyDescription("The actual stage, then -> and spec.stage while they differ.")
        String stage,

        @JsonPropertyDescription("Ready pods of wanted ones, such as 5/5.")
        String ready,

        @JsonPropertyDescription("Members alive of wanted ones, such as 5/5.")
        String alive) {}
