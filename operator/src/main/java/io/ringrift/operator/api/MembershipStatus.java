package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * Who is alive, as the agents report it.
 *
 * @param mode the mode that every reachable agent runs; null while they differ or none is reachable
 * @param members all that the agents know of
 * @param alive of these
 * @param suspected of these
 * @param failed of these
 * @param fallbackActive on any agent HTTP decides though SWIM was wanted
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MembershipStatus(
        @JsonPropertyDescription("The membership mode that every agent runs; absent while they differ.")
        String mode,

        @JsonPropertyDescription("Members that the agents know of.")
        Integer members,

        @JsonPropertyDescription("Members alive.") Integer alive,
        @JsonPropertyDescription("Members suspected.") Integer suspected,
        @JsonPropertyDescription("Members failed.") Integer failed,

        @JsonPropertyDescription("On any agent HTTP polling decides though SWIM was wanted.")
        Boolean fallbackActive) {}
