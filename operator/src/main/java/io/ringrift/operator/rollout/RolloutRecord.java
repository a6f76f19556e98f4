package io.ringrift.operator.rollout;

import io.ringrift.operator.api.RingRiftClusterStatus;
import io.ringrift.operator.api.RolloutStatus;
import io.ringrift.operator.rollout.RolloutState.Direction;
import io.ringrift.operator.rollout.RolloutState.Move;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** The roll-out's state as the resource's status holds it. */
public final class RolloutRecord {
    private RolloutRecord() {}

    /**
     * What was recorded.
     *
     * @param highestSeen the highest generation that any agent or stored configuration shows: where the status was lost, or
     *     set back by a restored backup, the next one is still higher
     */
    public static RolloutState read(RingRiftClusterStatus status, long highestSeen) {
        RolloutStatus rollout = status.rollout();
        int stage = status.stage() == null ? 0 : status.stage();
        if (rollout == null || rollout.generation() == null) {
            RolloutState initial = RolloutState.initial();
            return highestSeen == 0 ? initial : initial.withGeneration(highestSeen);
        }
        boolean behind = rollout.generation() < highestSeen;
        return new RolloutState(
                stage,
                status.lastGoodStage() == null ? stage : status.lastGoodStage(),
                Math.max(rollout.generation(), highestSeen),
                behind || rollout.digest() == null ? "" : rollout.digest(),
                move(rollout),
                instant(rollout.healthySince()),
                rollout.failedGeneration() == null ? OptionalLong.empty() : OptionalLong.of(rollout.failedGeneration()),
                Optional.ofNullable(rollout.failure()),
                instant(rollout.pausedSince()),
                rollout.voters());
    }

    /**
     * What is to be recorded.
     *
     * @param before what was recorded last; null: nothing
     */
    public static RolloutStatus write(Decision decision, RolloutStatus before, Instant now) {
        RolloutState state = decision.state();
        boolean nothingJudged = decision.gates().isEmpty();
        if (nothingJudged && before != null && Objects.equals(before.generation(), state.generation())) {
            return before;
        }
        Optional<Move> move = state.move();
        boolean up = move.filter(m -> m.direction() == Direction.UP).isPresent();
        Integer step = up ? Integer.valueOf(move.get().step() + 1) : null;
        return new RolloutStatus(
                move.map(Move::from).orElse(state.stage()),
                move.map(Move::to).orElse(state.stage()),
                step,
                state.generation(),
                state.content(),
                decision.updated(),
                handedOut(state, step, before, now),
                decision.message(),
                move.map(m -> word(m.direction())).orElse(null),
                move.map(Move::baseGeneration).orElse(null),
                text(move.map(Move::started)),
                text(move.map(Move::stepSince)),
                text(move.flatMap(Move::passingSince)),
                text(move.flatMap(Move::failingSince)),
                move.flatMap(Move::reason).orElse(null),
                text(state.healthySince()),
                state.failedGeneration().isPresent() ? state.failedGeneration().getAsLong() : null,
                state.failure().orElse(null),
                text(state.pausedSince()),
                state.voters(),
                move.filter(Ascent::changesVoters).map(Move::voters).orElse(List.of()));
    }

    private static String handedOut(RolloutState state, Integer step, RolloutStatus before, Instant now) {
        boolean same = before != null
                && before.since() != null
                && before.generation() != null
                && before.generation() == state.generation()
                && Objects.equals(before.step(), step);
        return same ? before.since() : now.toString();
    }

    private static Optional<Move> move(RolloutStatus rollout) {
        if (rollout.direction() == null) {
            return Optional.empty();
        }
        Direction direction = switch (rollout.direction()) {
            case "Up" -> Direction.UP;
            case "Down" -> Direction.DOWN;
            default -> Direction.ROLLBACK;
        };
        return Optional.of(new Move(
                direction,
                rollout.from(),
                rollout.to(),
                rollout.step() == null ? 0 : rollout.step() - 1,
                rollout.baseGeneration(),
                rollout.generation(),
                Instant.parse(rollout.started()),
                Instant.parse(rollout.stepSince()),
                instant(rollout.passingSince()),
                instant(rollout.failingSince()),
                Optional.ofNullable(rollout.reason()),
                rollout.nextVoters().isEmpty() ? rollout.voters() : rollout.nextVoters()));
    }

    private static String word(Direction direction) {
        return switch (direction) {
            case UP -> "Up";
            case DOWN -> "Down";
            case ROLLBACK -> "Rollback";
        };
    }

    private static Optional<Instant> instant(String text) {
        return Optional.ofNullable(text).map(Instant::parse);
    }

    private static String text(Optional<Instant> instant) {
        return instant.map(Instant::toString).orElse(null);
    }
}
