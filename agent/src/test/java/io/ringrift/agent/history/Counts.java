package io.ringrift.agent.history;

import io.ringrift.agent.history.StateClient.Outcome;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** How often what was done, and how it went. Thread-safe. */
final class Counts {
    private static final int SURPRISES = 20;

    private final Map<String, Map<String, Integer>> operations = new TreeMap<>();
    private final Map<String, Integer> faults = new TreeMap<>();
    private final Set<String> surprises = new TreeSet<>();

    synchronized void count(String kind, Outcome outcome) {
        String how = switch (outcome) {
            case Outcome.Answered _ -> "ok";
            case Outcome.NotDone _ -> "failed";
            case Outcome.Unknown _ -> "unknown";
        };
        operations.computeIfAbsent(kind, key -> new TreeMap<>()).merge(how, 1, Integer::sum);
    }

    synchronized void fault(String kind) {
        faults.merge(kind, 1, Integer::sum);
    }

    /** An answer that no model knows. */
    synchronized void surprise(String what) {
        if (surprises.size() < SURPRISES) {
            surprises.add(what);
        }
    }

    synchronized Set<String> surprises() {
        return Set.copyOf(surprises);
    }

    synchronized int answered() {
        return operations.values().stream()
                .mapToInt(how -> how.getOrDefault("ok", 0))
                .sum();
    }

    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder("| operation | ok | failed | unknown |\n|---|---|---|---|\n");
        operations.forEach((kind, how) -> text.append("| %s | %d | %d | %d |%n"
                .formatted(
                        kind,
                        how.getOrDefault("ok", 0),
                        how.getOrDefault("failed", 0),
                        how.getOrDefault("unknown", 0))));
        text.append("faults: ").append(faults);
        return text.toString();
    }
}
