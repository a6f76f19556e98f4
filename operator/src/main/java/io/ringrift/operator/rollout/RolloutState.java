package io.ringrift.operator.rollout;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the roll-out remembers. It lives in the resource's status and is written there, under its resourceVersion, before
 * anything is done about it: an operator killed at any moment resumes from it.
 *
 * @param stage the stage that every agent runs, or ran before the present move
 * @param lastGoodStage where a failed move goes back to
 * @param generation the highest configuration generation handed out so far
 * @param content what {@link RolloutRequest#content()} was when that generation was made
 * @param move what is under way; empty while the cluster rests
 * @param healthySince since when every gate of the present stage holds; empty while one does not
 * @param failedGeneration the {@code metadata.generation} whose roll-out failed; empty when none did
 * @param failure why that one failed
 * @param pausedSince since when the roll-out is held by annotation
 * @param voters node ids that vote in Raft, or did before the present move; empty: nothing was decided yet
 */
@RecordBuilder
public record RolloutState(
        int stage,
        int lastGoodStage,
        long generation,
        String content,
        Optional<Move> move,
        Optional<Instant> healthySince,
        OptionalLong failedGeneration,
        Optional<String> failure,
        Optional<Instant> pausedSince,
        List<String> voters)
        implements RolloutStateBuilder.With {
    public RolloutState {
        voters = List.copyOf(voters);
    }

    /** Where every cluster begins: stage 0, nothing handed out yet. */
    public static RolloutState initial() {
        return new RolloutState(
                0,
                0,
                0,
                "",
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** The stage that it is at or on its way to. */
    int heading() {
        return move.map(Move::to).orElse(stage);
    }

    boolean goesUp() {
        return move.filter(under -> under.direction() == Direction.UP).isPresent();
    }

    RolloutState withFailure(long failed, String why) {
        return with().failedGeneration(OptionalLong.of(failed))
                .failure(Optional.of(why))
                .build();
    }

    RolloutState withoutFailure() {
        return with().failedGeneration(OptionalLong.empty())
                .failure(Optional.empty())
                .build();
    }

    /** The move is over and everybody runs where it led. */
    RolloutState arrived(Move over) {
        return with().stage(over.to)
                .lastGoodStage(over.to)
                .move(Optional.empty())
                .voters(over.voters)
                .build();
    }

    /**
     * A walk between two stages, or to other voters in the same stage.
     *
     * @param direction up is gated step by step, down reaches everybody at once
     * @param step which of its steps, from 0; 0 for a move down
     * @param baseGeneration what the members run that are not switched yet
     * @param generation what the switched members run
     * @param started when the move began
     * @param stepSince when the present step began, shifted by the time it was held
     * @param passingSince since when every gate of the step holds
     * @param failingSince since when a gate of the step says no
     * @param reason why the cluster goes down; empty on the way up
     * @param voters who votes in Raft when it is over
     */
    @RecordBuilder
    public record Move(
            Direction direction,
            int from,
            int to,
            int step,
            long baseGeneration,
            long generation,
            Instant started,
            Instant stepSince,
            Optional<Instant> passingSince,
            Optional<Instant> failingSince,
            Optional<String> reason,
            List<String> voters)
            implements RolloutStateMoveBuilder.With {
        public Move {
            voters = List.copyOf(voters);
        }

        /** The time that it was held does not count; what was seen before it does not either. */
        Move resumedAfter(Duration held) {
            return judged(Optional.empty(), Optional.empty()).withStepSince(stepSince.plus(held));
        }

        Move renumbered(long base, long switched) {
            return with().baseGeneration(base).generation(switched).build();
        }

        Move judged(Optional<Instant> passing, Optional<Instant> failing) {
            return with().passingSince(passing).failingSince(failing).build();
        }

        Move atStep(int next, Instant now) {
            return judged(Optional.empty(), Optional.empty())
                    .with()
                    .step(next)
                    .stepSince(now)
                    .build();
        }
    }

    /** Which way a move goes and who asked for it. */
    public enum Direction {
        UP,
        /** The user lowered the stage. */
        DOWN,
        /** A gate failed, or the user aborted. */
        ROLLBACK
    }
}
