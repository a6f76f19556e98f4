package io.ringrift.agent.gateway;

import io.ringrift.agent.state.StateRequest.Once.Attempt;
import java.util.LinkedHashSet;

/** Numbers the changes that this process asks for, so that each is applied once however often it is tried. On one event loop only. */
final class Attempts {
    private final String agent;
    /** In rising order: the first one is the lowest. */
    private final LinkedHashSet<Long> open = new LinkedHashSet<>();

    private long last;

    /** @param agent names this run of this process, and what these numbers are for */
    Attempts(String agent) {
        this.agent = agent;
    }

    Attempt next() {
        long number = ++last;
        open.add(number);
        return new Attempt(agent, number, open.getFirst());
    }

    /** Whoever asked has an answer, or does not wait for one any more. */
    void settle(Attempt attempt) {
        open.remove(attempt.number());
    }
}
