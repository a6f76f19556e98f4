package io.ringrift.agent.config;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong and what is doubtful, so that everything is told at once. */
final class Findings {
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    void add(Problem problem) {
        problems.add(problem);
    }

    void warn(String sentence) {
        warnings.add(sentence);
    }

    boolean hasProblems() {
        return !problems.isEmpty();
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }
}
