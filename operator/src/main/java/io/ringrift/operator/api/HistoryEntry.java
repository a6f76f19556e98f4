package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * One change of stage that is over.
 *
 * @param stage where it led to
 * @param from where it came from; null: the first
 * @param started RFC 3339
 * @param finished RFC 3339
 * @param result {@code Succeeded}, {@code RolledBack} or {@code Superseded}
 * @param reason one word
 * @param message a sentence
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryEntry(
        @JsonPropertyDescription("The stage it led to.") Integer stage,
        @JsonPropertyDescription("The stage it came from.") Integer from,
        @JsonPropertyDescription("When it began.") String started,
        @JsonPropertyDescription("When it ended.") String finished,

        @JsonPropertyDescription("Succeeded, RolledBack or Superseded.")
        String result,

        @JsonPropertyDescription("Why, in one word.") String reason,
        @JsonPropertyDescription("Why, in a sentence.") String message) {}
