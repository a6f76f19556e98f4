package io.ringrift.operator;

import io.ringrift.operator.api.Phase;
import io.ringrift.operator.roll.RollView;
import io.ringrift.operator.rollout.Decision;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** How the roll of pods and the change of a stage get along: one at a time, and one of them is told of. Pure. */
final class PodRolls {
    private PodRolls() {}

    /** Why no pod may be evicted in that phase, as the end of a sentence. */
    static Optional<String> held(Phase phase) {
        return switch (phase) {
            case CANARY, VERIFYING, ROLLING_BACK -> Optional.of("the change of the stage comes first");
            case PAUSED -> Optional.of("the annotation " + RolloutAnnotation.NAME + " holds it");
            case PENDING, STABLE, SOAKING, DEGRADED -> Optional.empty();
        };
    }

    /** The decision, telling of the roll where the stage itself gives nothing to tell. */
    static Decision described(Decision decision, RollView roll) {
        boolean quiet = !decision.phase().isUnderWay() && decision.phase() != Phase.DEGRADED;
        return quiet && roll.progress().underWay()
                ? decision.saying(roll.progress().sentence())
                : decision;
    }

    /** The soonest of the looks that are due. */
    @SafeVarargs
    static Optional<Duration> earliest(Optional<Duration>... looks) {
        return Stream.of(looks).flatMap(Optional::stream).min(Duration::compareTo);
    }
}
