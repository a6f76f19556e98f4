package io.ringrift.operator.rollout;

import io.ringrift.operator.api.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to do now. The state is recorded first, then the assignment is handed out; both may be repeated without harm.
 *
 * @param updated how many members run what the present step wants
 * @param message one sentence for the user
 * @param transitions what became true with this decision, for Events and history
 * @param directiveDone the annotation was acted on and shall be removed
 * @param recheck when to ask again though nothing has changed; empty: only when something changes
 */
public record Decision(
        RolloutState state,
        Assignment assignment,
        Phase phase,
        int updated,
        String message,
        List<Gate> gates,
        List<Transition> transitions,
        boolean directiveDone,
        Optional<Duration> recheck) {

    /** The same with another sentence for the user. */
    public Decision saying(String sentence) {
        return new Decision(state, assignment, phase, updated, sentence, gates, transitions, directiveDone, recheck);
    }

    /**
     * Something that became true.
     *
     * @param reason an Event's reason, CamelCase
     */
    public record Transition(Kind kind, String reason, String message, int from, int to) {}

    /** Whether a transition is news, a warning, or ends a line of the history. */
    public enum Kind {
        PROGRESS,
        SUCCEEDED,
        FAILED,
        ROLLED_BACK
    }
}
