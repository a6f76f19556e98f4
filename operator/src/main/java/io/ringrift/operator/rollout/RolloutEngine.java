package io.ringrift.operator.rollout;

import io.ringrift.operator.api.Phase;
import io.ringrift.operator.rollout.Decision.Kind;
import io.ringrift.operator.rollout.Decision.Transition;
import io.ringrift.operator.rollout.RolloutRequest.Directive;
import io.ringrift.operator.rollout.RolloutState.Direction;
import io.ringrift.operator.rollout.RolloutState.Move;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Walks a cluster one stage at a time towards where the user wants it, and back. A pure function: the same state, wish,
 * reports and time always give the same decision, and asking again with its outcome changes nothing.
 *
 * <p>Going up is gated: soak, then step by step, each verified. Going down reaches everybody at once. A step that fails goes
 * back to the last good stage and is not tried again until the user changes the resource.
 */
public final class RolloutEngine {
    /** How often to look again while time alone can change the answer. */
    private static final Duration WATCHFUL = Duration.ofSeconds(1);

    private final RolloutRequest spec;
    private final Ascent ascent;
    private final Collection<NodeReport> reports;
    private final Instant now;
    private final List<Transition> transitions = new ArrayList<>();
    private boolean directiveDone;

    private RolloutEngine(RolloutRequest spec, Collection<NodeReport> reports, Instant now) {
        this.spec = spec;
        this.ascent = new Ascent(spec);
        this.reports = reports;
        this.now = now;
    }

    /** Decides what to do now. */
    public static Decision next(RolloutState state, RolloutRequest spec, Collection<NodeReport> reports, Instant now) {
        return new RolloutEngine(spec, reports, now).decide(state);
    }

    /**
     * What was decided last, for as long as nobody can say how the cluster is: it is handed out again and nothing is judged. Another
     * content gets another number even then, because no number may stand for two contents.
     */
    public static Decision hold(RolloutState state, RolloutRequest spec, Instant now) {
        RolloutEngine engine = new RolloutEngine(spec, List.of(), now);
        RolloutState current = new Renumbering(spec).follow(state);
        return engine.decision(
                current,
                engine.assignment(current),
                Phase.PENDING,
                "the agents are being asked",
                new Answers(List.of()),
                Optional.empty());
    }

    private Decision decide(RolloutState before) {
        RolloutState state = new Renumbering(spec).follow(followPause(forgetFailure(before)));
        if (spec.directive() == Directive.ABORT) {
            directiveDone = true;
            if (state.goesUp()) {
                state = rollBack(state, "aborted by annotation");
            }
        }
        int target = target(state);
        if (target < state.heading()) {
            state = goDown(state, target, "spec.stage is " + target);
        } else if (leadsToVotersOfThePast(state)) {
            state = goDown(state, state.stage(), "the voters were edited again");
        } else if (state.move().isEmpty() && wantsOtherVoters(state)) {
            if (state.pausedSince().isPresent()) {
                return held(state, assignment(state));
            }
            state = changeVoters(state);
        } else if (state.move().isEmpty() && target > state.stage()) {
            return soak(state, target);
        }
        directiveDone |= spec.directive() == Directive.PROMOTE; // there is no soak to skip
        if (state.move().isEmpty()) {
            return rest(state);
        }
        return state.goesUp() ? climb(state) : descend(state);
    }

    // ---------------------------------------------------------------- what the user asks

    private RolloutState forgetFailure(RolloutState state) {
        boolean another =
                state.failedGeneration().isPresent() && state.failedGeneration().getAsLong() != spec.generation();
        return another ? state.withoutFailure() : state;
    }

    private RolloutState followPause(RolloutState state) {
        boolean paused = spec.directive() == Directive.PAUSE;
        if (paused && state.pausedSince().isEmpty()) {
            transitions.add(progress("RolloutPaused", "held by annotation", state.stage(), spec.targetStage()));
            return state.withPausedSince(Optional.of(now));
        }
        if (!paused && state.pausedSince().isPresent()) {
            Duration held = Duration.between(state.pausedSince().get(), now);
            transitions.add(progress("RolloutResumed", "goes on", state.stage(), spec.targetStage()));
            RolloutState resumed = state.withPausedSince(Optional.empty());
            return resumed.withMove(state.move().map(move -> move.resumedAfter(held)));
        }
        return state;
    }

    private boolean wantsOtherVoters(RolloutState state) {
        return !spec.voters().equals(state.voters()) && state.failedGeneration().isEmpty();
    }

    private boolean leadsToVotersOfThePast(RolloutState state) {
        return state.goesUp()
                && state.move()
                        .filter(Ascent::changesVoters)
                        .filter(move -> !move.voters().equals(spec.voters()))
                        .isPresent();
    }

    /** The stage to walk to: what failed is not tried again for the same wish. */
    private int target(RolloutState state) {
        return state.failedGeneration().isPresent()
                ? Math.min(spec.targetStage(), state.lastGoodStage())
                : spec.targetStage();
    }

    // ---------------------------------------------------------------- resting and soaking

    private Decision rest(RolloutState state) {
        Assignment assignment = assignment(state);
        Answers answers = ask(assignment);
        RolloutState seen = followHealth(state, answers);
        if (state.failedGeneration().isPresent()) {
            String message = state.failure().orElse("it failed") + "; stage " + spec.targetStage()
                    + " is not tried again until the resource changes";
            return decision(seen, assignment, Phase.DEGRADED, message, answers, Optional.empty());
        }
        Phase phase = answers.acknowledged() ? Phase.STABLE : Phase.PENDING;
        String message = answers.complaint().orElse("at stage " + state.stage());
        return decision(seen, assignment, phase, message, answers, Optional.empty());
    }

    private Decision soak(RolloutState state, int target) {
        Assignment assignment = assignment(state);
        Answers answers = ask(assignment);
        RolloutState seen = followHealth(state, answers);
        if (seen.pausedSince().isPresent()) {
            return held(seen, assignment);
        }
        if (seen.healthySince().isEmpty()) {
            String message = "stage " + (state.stage() + 1) + " waits for a healthy cluster: "
                    + answers.complaint().orElse("");
            return decision(seen, assignment, Phase.SOAKING, message, answers, Optional.of(WATCHFUL));
        }
        boolean promoted = spec.directive() == Directive.PROMOTE;
        Instant until = seen.healthySince().get().plus(spec.soak());
        if (promoted || !now.isBefore(until)) {
            directiveDone |= promoted;
            return climb(goUp(seen, state.stage() + 1));
        }
        String message = "stage " + (state.stage() + 1) + " of " + target + " not before " + wholeSecond(until);
        return decision(seen, assignment, Phase.SOAKING, message, answers, Optional.of(Duration.between(now, until)));
    }

    /** What people read needs no fractions. Rounded up, so that it is not said too early. */
    private static Instant wholeSecond(Instant instant) {
        return instant.plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS);
    }

    private RolloutState followHealth(RolloutState state, Answers answers) {
        boolean healthy = answers.passing();
        if (healthy == state.healthySince().isPresent()) {
            return state;
        }
        return state.withHealthySince(healthy ? Optional.of(now) : Optional.empty());
    }

    // ---------------------------------------------------------------- up

    private RolloutState goUp(RolloutState state, int to) {
        transitions.add(progress("StageStarted", "walks to stage " + to, state.stage(), to));
        return begin(state, Direction.UP, to, Optional.empty(), state.voters());
    }

    private RolloutState changeVoters(RolloutState state) {
        String change = "voters " + String.join(", ", state.voters()) + " become " + String.join(", ", spec.voters());
        transitions.add(progress("VotersChanging", change, state.stage(), state.stage()));
        return begin(state, Direction.UP, state.stage(), Optional.empty(), spec.voters());
    }

    private RolloutState begin(
            RolloutState state, Direction direction, int to, Optional<String> reason, List<String> voters) {
        long generation = state.generation() + 1;
        Move move = new Move(
                direction,
                direction == Direction.UP ? state.stage() : state.heading(),
                to,
                0,
                direction == Direction.UP ? state.generation() : generation,
                generation,
                now,
                now,
                Optional.empty(),
                Optional.empty(),
                reason,
                voters);
        return state.withGeneration(generation).withMove(Optional.of(move));
    }

    private Decision climb(RolloutState state) {
        Move move = state.move().get();
        Assignment assignment = assignment(state);
        Answers answers = ask(assignment);
        if (state.pausedSince().isPresent()) {
            return held(state, assignment);
        }
        boolean passing = answers.passing();
        Move judged = move.judged(since(passing, move.passingSince()), since(answers.failing(), move.failingSince()));
        RolloutState seen = state.withMove(Optional.of(judged));
        Optional<String> failure = failure(judged, answers);
        if (failure.isPresent()) {
            return spec.automaticRollback()
                    ? descend(rollBack(seen, failure.get()))
                    : decision(seen, assignment, Phase.DEGRADED, failure.get(), answers, Optional.empty());
        }
        if (passing && elapsed(judged.passingSince().get(), spec.verify())) {
            return advance(seen, judged);
        }
        String what = answers.complaint()
                .orElse("every gate holds; verifying for " + spec.verify().toSeconds() + " s");
        return decision(
                seen,
                assignment,
                passing ? Phase.VERIFYING : Phase.CANARY,
                ascent.describe(move) + ": " + what,
                answers,
                Optional.of(WATCHFUL));
    }

    private Optional<Instant> since(boolean holds, Optional<Instant> before) {
        return holds ? Optional.of(before.orElse(now)) : Optional.empty();
    }

    /** Why the step has failed; empty while it may still succeed. */
    private Optional<String> failure(Move move, Answers answers) {
        boolean settled = move.failingSince()
                .map(since -> elapsed(since, ascent.settle(move)))
                .orElse(false);
        if (answers.refused() || settled) {
            return answers.objection().map(why -> ascent.describe(move) + ": " + why);
        }
        boolean late = elapsed(move.stepSince(), spec.progressDeadline())
                && move.passingSince().isEmpty();
        return late
                ? Optional.of(ascent.describe(move) + ": no progress within "
                        + spec.progressDeadline().toSeconds() + " s: "
                        + answers.complaint().orElse("the gates do not hold long enough"))
                : Optional.empty();
    }

    private Decision advance(RolloutState state, Move move) {
        if (!ascent.isLast(move)) {
            transitions.add(progress("StepVerified", ascent.describe(move) + " holds", move.from(), move.to()));
            return climb(ascent.nextStep(state, move, now));
        }
        boolean voters = Ascent.changesVoters(move);
        transitions.add(new Transition(
                Kind.SUCCEEDED,
                voters ? "VotersChanged" : "StageReached",
                voters ? String.join(", ", move.voters()) + " vote in Raft" : "every agent runs stage " + move.to(),
                move.from(),
                move.to()));
        return decide(state.arrived(move).withHealthySince(Optional.of(now)));
    }

    // ---------------------------------------------------------------- down

    private RolloutState goDown(RolloutState state, int to, String reason) {
        boolean lowered = to < state.heading();
        transitions.add(progress(
                lowered ? "StageLowered" : "VotersSuperseded",
                "goes to stage " + to + " at once: " + reason,
                state.heading(),
                to));
        return begin(state, Direction.DOWN, to, Optional.of(reason), state.voters());
    }

    private RolloutState rollBack(RolloutState state, String reason) {
        int to = state.lastGoodStage();
        transitions.add(new Transition(Kind.FAILED, "RollbackStarted", reason, state.heading(), to));
        RolloutState failed = state.withFailure(spec.generation(), reason);
        return begin(failed, Direction.ROLLBACK, to, Optional.of(reason), state.voters());
    }

    private Decision descend(RolloutState state) {
        Move move = state.move().get();
        Assignment assignment = assignment(state);
        Answers answers = ask(assignment);
        if (!answers.acknowledged()) {
            String message =
                    move.reason().orElse("") + ": " + answers.complaint().orElse("");
            return decision(state, assignment, Phase.ROLLING_BACK, message, answers, Optional.empty());
        }
        boolean rolledBack = move.direction() == Direction.ROLLBACK;
        transitions.add(new Transition(
                rolledBack ? Kind.ROLLED_BACK : Kind.SUCCEEDED,
                rolledBack ? "RolledBack" : "StageReached",
                "every agent runs stage " + move.to() + " (" + move.reason().orElse("") + ")",
                move.from(),
                move.to()));
        return decide(state.arrived(move).withHealthySince(Optional.empty()));
    }

    // ---------------------------------------------------------------- shared

    private Assignment assignment(RolloutState state) {
        if (state.goesUp()) {
            return ascent.assignment(state, state.move().get());
        }
        return Assignment.everybody(Setting.of(state.heading(), state.voters()), state.generation());
    }

    private Answers ask(Assignment assignment) {
        return new Answers(new Gates(assignment, spec, reports).ask());
    }

    private boolean elapsed(Instant since, Duration time) {
        return !now.isBefore(since.plus(time));
    }

    private Transition progress(String reason, String message, int from, int to) {
        return new Transition(Kind.PROGRESS, reason, message, from, to);
    }

    private Decision held(RolloutState state, Assignment assignment) {
        return decision(state, assignment, Phase.PAUSED, "held by annotation", ask(assignment), Optional.empty());
    }

    private Decision decision(
            RolloutState state,
            Assignment assignment,
            Phase phase,
            String message,
            Answers answers,
            Optional<Duration> recheck) {
        Set<String> wanted = assignment.switched().isEmpty() ? Set.copyOf(spec.nodes()) : assignment.switched();
        int updated = (int) reports.stream()
                .filter(report -> wanted.contains(report.node()))
                .filter(report -> report.generation().orElse(-1) >= assignment.generationOf(report.node()))
                .count();
        return new Decision(
                state,
                assignment,
                phase,
                updated,
                message,
                answers.gates(),
                List.copyOf(transitions),
                directiveDone,
                recheck);
    }
}
