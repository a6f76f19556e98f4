package io.ringrift.operator.rollout;

import io.ringrift.operator.rollout.RolloutState.Move;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The steps of a move up, and who runs what in each of them. A stage of membership is tried by a few members first. What changes
 * consensus, a stage or the voters, reaches everybody in two phases: in the first all is made ready and nothing is decided by it, in the
 * second it decides. See docs/adr/0008.
 */
final class Ascent {
    /**
     * How long a gate may say no before that counts: a switch of modes is not seen by every node in the same instant, and
     * the slowest healthy settling measured (a SWIM join with a full exchange) takes a few seconds.
     */
    private static final Duration SETTLE = Duration.ofSeconds(15);

    /** A Raft group is founded within 10 s; its leader takes over from one of Bully's after 10 s, and that one's lease may run for 11 s. */
    private static final Duration SETTLE_CONSENSUS = Duration.ofSeconds(45);

    private static final int FIRST_STAGE_OF_RAFT = 3;
    private static final int PREPARE = 0;
    private static final int PHASES = 2;

    private final RolloutRequest spec;

    Ascent(RolloutRequest spec) {
        this.spec = spec;
    }

    Assignment assignment(RolloutState state, Move move) {
        if (!isTwoPhase(move)) {
            Set<String> switched = Set.copyOf(spec.nodes().subList(0, reach(move)));
            return new Assignment(
                    Setting.of(move.from(), state.voters()),
                    move.baseGeneration(),
                    switched,
                    Setting.of(move.to(), state.voters()),
                    move.generation());
        }
        Setting setting = move.step() > PREPARE
                ? Setting.of(move.to(), move.voters())
                : changesVoters(move)
                        ? Setting.of(move.to(), both(state.voters(), move.voters()))
                        : Setting.prepared(move.to(), state.voters());
        return Assignment.everybody(setting, move.generation());
    }

    boolean isLast(Move move) {
        return isTwoPhase(move)
                ? move.step() == PHASES - 1
                : reach(move) == spec.nodes().size();
    }

    /** The next phase is another configuration for those who run the present one, so it has a number of its own. */
    RolloutState nextStep(RolloutState state, Move move, Instant now) {
        Move next = move.atStep(move.step() + 1, now);
        if (!isTwoPhase(move)) {
            return state.withMove(Optional.of(next));
        }
        long generation = state.generation() + 1;
        return state.withGeneration(generation).withMove(Optional.of(next.renumbered(move.generation(), generation)));
    }

    Duration settle(Move move) {
        return isTwoPhase(move) ? SETTLE_CONSENSUS : SETTLE;
    }

    /** Where the move is, as a sentence begins. */
    String describe(Move move) {
        String what = changesVoters(move) ? "voters " + String.join(", ", move.voters()) : "stage " + move.to();
        if (isTwoPhase(move)) {
            return what + (move.step() == PREPARE ? ", prepare" : ", commit") + " (step " + (move.step() + 1) + " of "
                    + PHASES + ")";
        }
        return what + ", step " + (move.step() + 1) + " of "
                + Math.max(spec.steps().size(), move.step() + 1);
    }

    static boolean changesVoters(Move move) {
        return move.from() == move.to();
    }

    private static boolean isTwoPhase(Move move) {
        return changesVoters(move) || move.to() >= FIRST_STAGE_OF_RAFT;
    }

    /** Where the last step is smaller than the cluster, the rest follows as one more. */
    private int reach(Move move) {
        int size = spec.nodes().size();
        return move.step() < spec.steps().size() ? spec.steps().get(move.step()).of(size) : size;
    }

    private static List<String> both(List<String> some, List<String> others) {
        TreeSet<String> union = new TreeSet<>(some);
        union.addAll(others);
        return List.copyOf(union);
    }
}
