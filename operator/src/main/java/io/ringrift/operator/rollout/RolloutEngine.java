package io.ringrift.operator.rollout;

import io.ringrift.operator.api.Phase;
import io.ringrift.operator.rollout.Decision.Kind;
import io.ringrift.operator.rollout.Decision.Transition;
import io.ringrift.operator.rollout.Gate.Verdict;
import io.ringrift.operator.rollout.RolloutRequest.Directive;
import io.ringrift.operator.rollout.RolloutState.Direction;
import io.ringrift.operator.rollout.RolloutState.Move;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Walks a cluster one stage at a time towards where the user wants it, and back. A pure function: the same state, wish,
 * reports and time always give the same decision, and asking again with its outcome changes nothing.
 *
 * <p>Going up is gated: soak, then step by step, each verified. Going down reaches everybody at once. A step that fails goes
 * back to the last good stage and is not tried again until the user changes the resource.
 */
public final class RolloutEngine {
    /**
     * How long a gate may say no before that counts: a switch of modes is not seen by every node in the same instant, and
     * the slowest healthy settling measured (a SWIM join with a full exchange) takes a few seconds.
     */
    static final Duration SETTLE = Duration.ofSeconds(15);

    /** How often to look again while time alone can change the answer. */
    private static final Duration WATCHFUL = Duration.ofSeconds(1);

    private final RolloutRequest spec;
    private final Collection<NodeReport> reports;
    private final Instant now;
    private final List<Transition> transitions = new ArrayList<>();
    private boolean directiveDone;

    private RolloutEngine(RolloutRequest spec, Collection<NodeReport> reports, Instant now) {
        this.spec = spec;
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
        RolloutState current = engine.followContent(state);
        Assignment assignment = current.move().isPresent()
                ? engine.assignment(current)
                : Assignment.everybody(current.stage(), current.generation());
        return engine.decision(
                current, assignment, Phase.PENDING, "the agents are being asked", List.of(), Optional.empty());
    }

    private Decision decide(RolloutState before) {
        RolloutState state = followContent(followPause(forgetFailure(before)));
        if (spec.directive() == Directive.ABORT) {
            directiveDone = true;
            if (goesUp(state)) {
                state = rollBack(state, "aborted by annotation");
            }
        }
        int target = target(state);
        if (target < heading(state)) {
            state = goDown(state, target);
        } else if (state.move().isEmpty() && target > state.stage()) {
            return soak(state, target);
        }
        directiveDone |= spec.directive() == Directive.PROMOTE; // there is no soak to skip
        if (state.move().isEmpty()) {
            return rest(state);
        }
        return goesUp(state) ? climb(state) : descend(state);
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
            return state.withPause(Optional.of(now));
        }
        if (!paused && state.pausedSince().isPresent()) {
            Duration held = Duration.between(state.pausedSince().get(), now);
            transitions.add(progress("RolloutResumed", "goes on", state.stage(), spec.targetStage()));
            RolloutState resumed = state.withPause(Optional.empty());
            return resumed.withMove(state.move().map(move -> move.resumedAfter(held)));
        }
        return state;
    }

    /** Another content is a higher generation for everybody, whatever stage each runs. */
    private RolloutState followContent(RolloutState state) {
        if (state.content().equals(spec.content()) && state.generation() > 0) {
            return state;
        }
        RolloutState changed = state.withContent(spec.content());
        if (!goesUp(state)) {
            return changed.withGeneration(state.generation() + 1);
        }
        Move move = state.move().get();
        RolloutState numbered = changed.withGeneration(state.generation() + 2);
        return numbered.withMove(Optional.of(move.renumbered(state.generation() + 1, state.generation() + 2)));
    }

    /** The stage to walk to: what failed is not tried again for the same wish. */
    private int target(RolloutState state) {
        return state.failedGeneration().isPresent()
                ? Math.min(spec.targetStage(), state.lastGoodStage())
                : spec.targetStage();
    }

    private int heading(RolloutState state) {
        return state.move().map(Move::to).orElse(state.stage());
    }

    private boolean goesUp(RolloutState state) {
        return state.move().map(move -> move.direction() == Direction.UP).orElse(false);
    }

    // ---------------------------------------------------------------- resting and soaking

    private Decision rest(RolloutState state) {
        Assignment assignment = Assignment.everybody(state.stage(), state.generation());
        List<Gate> gates = gates(assignment);
        RolloutState seen = followHealth(state, gates);
        if (state.failedGeneration().isPresent()) {
            String message = state.failure().orElse("it failed") + "; stage " + spec.targetStage()
                    + " is not tried again until the resource changes";
            return decision(seen, assignment, Phase.DEGRADED, message, gates, Optional.empty());
        }
        Phase phase = acknowledged(gates) ? Phase.STABLE : Phase.PENDING;
        return decision(
                seen, assignment, phase, complaint(gates).orElse("at stage " + state.stage()), gates, Optional.empty());
    }

    private Decision soak(RolloutState state, int target) {
        Assignment assignment = Assignment.everybody(state.stage(), state.generation());
        List<Gate> gates = gates(assignment);
        RolloutState seen = followHealth(state, gates);
        if (seen.pausedSince().isPresent()) {
            return decision(seen, assignment, Phase.PAUSED, "held by annotation", gates, Optional.empty());
        }
        if (seen.healthySince().isEmpty()) {
            String message = "stage " + (state.stage() + 1) + " waits for a healthy cluster: "
                    + complaint(gates).orElse("");
            return decision(seen, assignment, Phase.SOAKING, message, gates, Optional.of(WATCHFUL));
        }
        boolean promoted = spec.directive() == Directive.PROMOTE;
        Instant until = seen.healthySince().get().plus(spec.soak());
        if (promoted || !now.isBefore(until)) {
            directiveDone |= promoted;
            return climb(goUp(seen, state.stage() + 1));
        }
        String message = "stage " + (state.stage() + 1) + " of " + target + " not before " + until;
        return decision(seen, assignment, Phase.SOAKING, message, gates, Optional.of(Duration.between(now, until)));
    }

    private RolloutState followHealth(RolloutState state, List<Gate> gates) {
        boolean healthy = gates.stream().allMatch(gate -> gate.verdict() == Verdict.PASS);
        if (healthy == state.healthySince().isPresent()) {
            return state;
        }
        return state.withHealthySince(healthy ? Optional.of(now) : Optional.empty());
    }

    // ---------------------------------------------------------------- up

    private RolloutState goUp(RolloutState state, int to) {
        long generation = state.generation() + 1;
        transitions.add(progress("StageStarted", "walks to stage " + to, state.stage(), to));
        Move move = new Move(
                Direction.UP,
                state.stage(),
                to,
                0,
                state.generation(),
                generation,
                now,
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return state.withGeneration(generation).withMove(Optional.of(move));
    }

    private Decision climb(RolloutState state) {
        Move move = state.move().get();
        Assignment assignment = assignment(state);
        List<Gate> gates = gates(assignment);
        if (state.pausedSince().isPresent()) {
            return decision(state, assignment, Phase.PAUSED, "held by annotation", gates, Optional.empty());
        }
        boolean failing = gates.stream().anyMatch(gate -> gate.verdict() == Verdict.FAIL);
        boolean passing = gates.stream().allMatch(gate -> gate.verdict() == Verdict.PASS);
        Move judged = move.judged(since(passing, move.passingSince()), since(failing, move.failingSince()));
        RolloutState seen = state.withMove(Optional.of(judged));
        Optional<String> failure = failure(judged, gates);
        if (failure.isPresent()) {
            return spec.automaticRollback()
                    ? descend(rollBack(seen, failure.get()))
                    : decision(seen, assignment, Phase.DEGRADED, failure.get(), gates, Optional.empty());
        }
        if (passing && elapsed(judged.passingSince().get(), spec.verify())) {
            return advance(seen, judged);
        }
        String where = "stage " + move.to() + ", step " + (move.step() + 1) + " of "
                + spec.steps().size();
        String what = complaint(gates)
                .orElse("every gate holds; verifying for " + spec.verify().toSeconds() + " s");
        return decision(
                seen,
                assignment,
                passing ? Phase.VERIFYING : Phase.CANARY,
                where + ": " + what,
                gates,
                Optional.of(WATCHFUL));
    }

    private Optional<Instant> since(boolean holds, Optional<Instant> before) {
        return holds ? Optional.of(before.orElse(now)) : Optional.empty();
    }

    /** Why the step has failed; empty while it may still succeed. */
    private Optional<String> failure(Move move, List<Gate> gates) {
        boolean refused = gates.stream()
                .anyMatch(gate -> gate.name() == Gate.Name.ACKNOWLEDGED && gate.verdict() == Verdict.FAIL);
        boolean settled =
                move.failingSince().map(since -> elapsed(since, SETTLE)).orElse(false);
        if (refused || settled) {
            return complaint(gates.stream()
                    .filter(gate -> gate.verdict() == Verdict.FAIL)
                    .toList());
        }
        boolean late = elapsed(move.stepSince(), spec.progressDeadline())
                && move.passingSince().isEmpty();
        return late
                ? Optional.of("no progress within " + spec.progressDeadline().toSeconds() + " s: "
                        + complaint(gates).orElse("the gates do not hold long enough"))
                : Optional.empty();
    }

    private Decision advance(RolloutState state, Move move) {
        boolean everybody = assignment(state).switched().containsAll(spec.nodes());
        if (!everybody && move.step() + 1 < spec.steps().size()) {
            Move next = move.atStep(move.step() + 1, now);
            transitions.add(progress(
                    "StepVerified",
                    "step " + (move.step() + 1) + " of " + spec.steps().size() + " holds",
                    move.from(),
                    move.to()));
            return climb(state.withMove(Optional.of(next)));
        }
        if (!everybody) {
            // the last step is smaller than the cluster: the rest follows as one more step
            Move rest = move.atStep(spec.steps().size(), now);
            return climb(state.withMove(Optional.of(rest)));
        }
        transitions.add(new Transition(
                Kind.SUCCEEDED, "StageReached", "every agent runs stage " + move.to(), move.from(), move.to()));
        RolloutState arrived = state.arrivedAt(move.to()).withHealthySince(Optional.of(now));
        return decide(arrived);
    }

    // ---------------------------------------------------------------- down

    private RolloutState goDown(RolloutState state, int to) {
        transitions.add(progress("StageLowered", "goes to stage " + to + " at once", heading(state), to));
        return state.withGeneration(state.generation() + 1)
                .withMove(Optional.of(down(state, Direction.DOWN, to, "spec.stage is " + to)));
    }

    private RolloutState rollBack(RolloutState state, String reason) {
        int to = state.lastGoodStage();
        transitions.add(new Transition(Kind.FAILED, "RollbackStarted", reason, heading(state), to));
        RolloutState failed = state.withFailure(spec.generation(), reason);
        return failed.withGeneration(state.generation() + 1)
                .withMove(Optional.of(down(state, Direction.ROLLBACK, to, reason)));
    }

    private Move down(RolloutState state, Direction direction, int to, String reason) {
        long generation = state.generation() + 1;
        return new Move(
                direction,
                heading(state),
                to,
                0,
                generation,
                generation,
                now,
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.of(reason));
    }

    private Decision descend(RolloutState state) {
        Move move = state.move().get();
        Assignment assignment = assignment(state);
        List<Gate> gates = gates(assignment);
        if (!acknowledged(gates)) {
            String message = move.reason().orElse("") + ": " + complaint(gates).orElse("");
            return decision(state, assignment, Phase.ROLLING_BACK, message, gates, Optional.empty());
        }
        boolean rolledBack = move.direction() == Direction.ROLLBACK;
        transitions.add(new Transition(
                rolledBack ? Kind.ROLLED_BACK : Kind.SUCCEEDED,
                rolledBack ? "RolledBack" : "StageReached",
                "every agent runs stage " + move.to() + " (" + move.reason().orElse("") + ")",
                move.from(),
                move.to()));
        return decide(state.arrivedAt(move.to()).withHealthySince(Optional.empty()));
    }

    // ---------------------------------------------------------------- shared

    private Assignment assignment(RolloutState state) {
        Move move = state.move().get();
        if (move.direction() != Direction.UP) {
            return Assignment.everybody(move.to(), state.generation());
        }
        int size = spec.nodes().size();
        int reach = move.step() < spec.steps().size()
                ? spec.steps().get(move.step()).of(size)
                : size;
        Set<String> switched = new HashSet<>(spec.nodes().subList(0, reach));
        return new Assignment(move.from(), move.baseGeneration(), Set.copyOf(switched), move.to(), move.generation());
    }

    private List<Gate> gates(Assignment assignment) {
        return new Gates(assignment, spec.nodes(), reports).ask();
    }

    private static boolean acknowledged(List<Gate> gates) {
        return gates.stream().anyMatch(gate -> gate.name() == Gate.Name.ACKNOWLEDGED && gate.verdict() == Verdict.PASS);
    }

    private static Optional<String> complaint(List<Gate> gates) {
        String all = gates.stream()
                .map(Gate::evidence)
                .filter(evidence -> !evidence.isEmpty())
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }

    private boolean elapsed(Instant since, Duration time) {
        return !now.isBefore(since.plus(time));
    }

    private Transition progress(String reason, String message, int from, int to) {
        return new Transition(Kind.PROGRESS, reason, message, from, to);
    }

    private Decision decision(
            RolloutState state,
            Assignment assignment,
            Phase phase,
            String message,
            List<Gate> gates,
            Optional<Duration> recheck) {
        Set<String> wanted = assignment.switched().isEmpty() ? Set.copyOf(spec.nodes()) : assignment.switched();
        int updated = (int) reports.stream()
                .filter(report -> wanted.contains(report.node()))
                .filter(report -> report.generation().orElse(-1) >= assignment.generationOf(report.node()))
                .count();
        return new Decision(
                state, assignment, phase, updated, message, gates, List.copyOf(transitions), directiveDone, recheck);
    }
}
