package io.ringrift.operator.rollout;

import io.ringrift.operator.rollout.RolloutState.Move;
import java.util.List;
import java.util.Optional;

/**
 * What changes beside the stage is a higher generation for everybody, whatever stage each runs: another content, other voters where nobody
 * depends on them, and an epoch above the one that a cluster without memory would go on from, so that no epoch repeats whatever disks are
 * lost from now on.
 */
final class Renumbering {
    private final RolloutRequest spec;

    Renumbering(RolloutRequest spec) {
        this.spec = spec;
    }

    RolloutState follow(RolloutState state) {
        boolean free = state.voters().isEmpty() || !raftRuns(state);
        List<String> voters = free ? spec.voters() : state.voters();
        long floor = Epochs.generationAbove(spec.epoch());
        boolean same = state.content().equals(spec.content()) && state.voters().equals(voters);
        if (same && state.generation() > 0 && state.generation() >= floor) {
            return state;
        }
        RolloutState changed = state.withContent(spec.content()).withVoters(voters);
        long next = Math.max(state.generation() + 1, floor);
        if (state.move().isEmpty()) {
            return changed.withGeneration(next);
        }
        Move move = state.move().get();
        List<String> wanted = Ascent.changesVoters(move) ? move.voters() : voters;
        // On the way up two documents are out: each gets a number of its own.
        long newest = state.goesUp() ? next + 1 : next;
        return changed.withGeneration(newest)
                .withMove(Optional.of(move.renumbered(next, newest).withVoters(wanted)));
    }

    /** Where Raft runs, or may still run, voters are changed in two phases; else nobody depends on them. */
    private boolean raftRuns(RolloutState state) {
        return spec.ladder().get(state.stage()).raftEnabled()
                || spec.ladder().get(state.heading()).raftEnabled();
    }
}
