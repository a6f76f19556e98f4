package io.ringrift.agent.config;

import java.util.List;

/** What came of the configuration at start. */
public sealed interface ConfigStart {

    /** @param warnings sentences for the log */
    record Started(ConfigState state, List<String> warnings) implements ConfigStart {}

    /**
     * The agent cannot run.
     *
     * @param problems all of them
     * @param warnings sentences for the log; an unknown key is often the cause of a problem
     */
    record Invalid(List<Problem> problems, List<String> warnings) implements ConfigStart {
        /** For the terminal: a heading, then one line for each problem and each warning. */
        public String text() {
            StringBuilder text = new StringBuilder("ringrift-agent cannot start: %d problem%s in its configuration%n"
                    .formatted(problems.size(), problems.size() == 1 ? "" : "s"));
            problems.forEach(
                    problem -> text.append("  ").append(problem.sentence()).append(System.lineSeparator()));
            warnings.forEach(
                    warning -> text.append("  warning: ").append(warning).append(System.lineSeparator()));
            return text.toString();
        }
    }
}
