package io.ringrift.agent.membership;

import java.util.List;
import java.util.Optional;

/**
 * A protocol that says who lives: HTTP polling is one, SWIM another. The coordinator asks the one that the mode wants, or the
 * other one while that is not available. Called from the core's one thread only.
 */
public interface FailureDetector {
    /** Why it cannot serve now, in a sentence; empty while it can. */
    Optional<String> unavailable();

    /** Rises whenever {@link #verdicts()} may have changed. */
    long version();

    /** What it holds of every member but this node. */
    List<Verdict> verdicts();
}
