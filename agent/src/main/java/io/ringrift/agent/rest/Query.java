package io.ringrift.agent.rest;

import io.vertx.core.MultiMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The query parameters and headers of a route.
 *
 * @param strict parameters that are not listed are refused: a typing error must not change what a read means
 */
record Query(Map<String, Check> parameters, Map<String, Check> headers, boolean strict) {
    /** Whatever is asked for. */
    static final Query ANY = new Query(Map.of(), Map.of(), false);

    /** No parameter. */
    static final Query NONE = new Query(Map.of(), Map.of(), true);

    /** @throws ApiException INVALID_REQUEST */
    void check(MultiMap query, MultiMap headerValues) {
        Map<String, Object> problems = new TreeMap<>();
        for (String name : query.names()) {
            Check check = parameters.get(name);
            if (check == null && strict) {
                problems.put(name, "is not known; known are " + String.join(", ", new TreeMap<>(parameters).keySet()));
            } else if (check != null && !check.holds().test(query.get(name))) {
                problems.put(name, "must be " + check.allowed());
            }
        }
        Problems.refuse("parameter", problems);
        Map<String, Object> headerProblems = new HashMap<>();
        headers.forEach((name, check) -> {
            String value = headerValues.get(name);
            if (value != null && !check.holds().test(value)) {
                headerProblems.put(name, "must be " + check.allowed());
            }
        });
        Problems.refuse("header", headerProblems);
    }
}
