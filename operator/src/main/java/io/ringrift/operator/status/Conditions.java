package io.ringrift.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds the next list of conditions from the one before: the time of a transition stays where the status stays, so that
 * nothing is written while nothing changes.
 */
final class Conditions {
    /** The API server takes no longer message. */
    private static final int LONGEST_MESSAGE = 4_096;

    private final List<Condition> previous;
    private final long generation;
    private final Instant now;
    private final Map<String, Condition> next = new LinkedHashMap<>();

    /**
     * @param generation of the resource that all of this is about
     * @param now for conditions that change
     */
    Conditions(List<Condition> previous, long generation, Instant now) {
        this.previous = previous;
        this.generation = generation;
        this.now = now;
    }

    /**
     * @param status null: not known
     * @param reason one word
     * @param message a sentence
     */
    void put(String type, Boolean status, String reason, String message) {
        String word = status == null ? "Unknown" : status ? "True" : "False";
        String since = previous.stream()
                .filter(condition -> type.equals(condition.getType()) && word.equals(condition.getStatus()))
                .map(Condition::getLastTransitionTime)
                .findFirst()
                .orElse(now.toString());
        next.put(
                type,
                new ConditionBuilder()
                        .withType(type)
                        .withStatus(word)
                        .withReason(reason)
                        .withMessage(shorten(message))
                        .withObservedGeneration(generation)
                        .withLastTransitionTime(since)
                        .build());
    }

    /** Takes over a condition that nothing new is known about. */
    void keep(String type) {
        previous.stream()
                .filter(condition -> type.equals(condition.getType()))
                .forEach(condition -> next.put(type, condition));
    }

    List<Condition> list() {
        return List.copyOf(next.values());
    }

    private static String shorten(String message) {
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE - 3) + "...";
    }
}
