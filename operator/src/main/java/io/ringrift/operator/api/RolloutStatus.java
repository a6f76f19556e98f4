package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * The change of configuration that is under way, or the last one. Written before it is acted on.
 *
 * @param from the stage it started from; null while the first one is under way
 * @param to the stage it leads to
 * @param step which of {@code spec.rollout.steps}, from 1; null outside a stepwise change
 * @param generation number of the agents' configuration document; only ever rises
 * @param digest of that document's content, by which a change of content is known
 * @param updated number of agents that run the generation
 * @param since when it began, RFC 3339
 * @param message a sentence for humans
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RolloutStatus(
        @JsonPropertyDescription("The stage it started from.")
        Integer from,

        @JsonPropertyDescription("The stage it leads to.") Integer to,

        @JsonPropertyDescription("Which of spec.rollout.steps, from 1.")
        Integer step,

        @JsonPropertyDescription("Number of the configuration that agents are given; it only ever rises.")
        Long generation,

        @JsonPropertyDescription("Digest of the content of that configuration.")
        String digest,

        @JsonPropertyDescription("Number of agents that run it.")
        Integer updated,

        @JsonPropertyDescription("When it began.") String since,

        @JsonPropertyDescription("What goes on, in a sentence.")
        String message) {}
