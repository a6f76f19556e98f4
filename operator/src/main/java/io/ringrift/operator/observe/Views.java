package io.ringrift.operator.observe;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Agents that agree hold equal views, so each view is kept once: a thousand agents that each name a thousand members would else be a
 * million entries. Lives on one event loop.
 */
final class Views {
    private final Map<String, Map<String, String>> byHash = new HashMap<>();

    /** The same report, with a view that others share where it is equal to theirs. */
    AgentReport shared(AgentReport report) {
        Map<String, String> known = byHash.get(report.viewHash());
        if (report.view().equals(known)) {
            return report.withView(known);
        }
        byHash.put(report.viewHash(), report.view());
        return report;
    }

    /** Forgets what nobody holds any more. */
    void retain(Collection<AgentReply> replies) {
        byHash.keySet()
                .removeIf(hash -> replies.stream()
                        .noneMatch(reply -> reply instanceof AgentReply.Reported(AgentReport report)
                                && report.viewHash().equals(hash)));
    }
}
