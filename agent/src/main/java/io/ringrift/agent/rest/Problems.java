package io.ringrift.agent.rest;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.stream.Collectors;

/** Turns what is wrong with a request into its answer. */
final class Problems {
    private static final int MAX_SHOWN = 5;

    private Problems() {}

    /**
     * @param kind what the keys of {@code problems} are, for example "field"
     * @param problems name to what is wrong with it, as the rest of a sentence
     * @throws ApiException INVALID_REQUEST unless there is none
     */
    static void refuse(String kind, Map<String, Object> problems) {
        if (problems.isEmpty()) {
            return;
        }
        String sentence = problems.entrySet().stream()
                .limit(MAX_SHOWN)
                .map(problem -> kind + " " + problem.getKey() + " " + problem.getValue())
                .collect(Collectors.joining("; "));
        throw new ApiException(
                ErrorCode.INVALID_REQUEST,
                Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1) + ".",
                new JsonObject().put(kind + "s", new JsonObject(problems)));
    }
}
