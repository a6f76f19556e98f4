package io.ringrift.operator.rollout;

import io.ringrift.operator.api.Modes;
import java.time.Duration;
import java.util.List;

/**
 * What the user asks of the roll-out, and what it has to know of the cluster.
 *
 * @param generation the resource's {@code metadata.generation}: a failed roll-out is not tried again until it changes
 * @param targetStage {@code spec.stage}, 0 to 4
 * @param content changes whenever the agents' configuration changes for another reason than the stage and the voters
 * @param ladder the modes of every stage, by stage, the user's own modes applied
 * @param voters node ids that shall vote in Raft
 * @param nodes every member in the order in which it is switched
 * @param epoch the highest leader's epoch ever seen; 0 for none
 * @param soak how long the present stage must have been healthy before going up
 * @param verify how long every gate must hold before the next step
 * @param steps how far each step goes, for example {@code 1, 50%, 100%}
 * @param progressDeadline how long a step may take before it counts as failed
 * @param automaticRollback whether a failed step goes back by itself; otherwise it is held
 * @param directive what the annotation {@code ringrift.io/rollout} asks
 */
public record RolloutRequest(
        long generation,
        int targetStage,
        String content,
        List<Modes> ladder,
        List<String> voters,
        List<String> nodes,
        long epoch,
        Duration soak,
        Duration verify,
        List<Step> steps,
        Duration progressDeadline,
        boolean automaticRollback,
        Directive directive) {

    /** The annotation {@code ringrift.io/rollout}. */
    public enum Directive {
        NONE,
        /** Hold as long as the annotation is there. */
        PAUSE,
        /** Skip the rest of this soak. */
        PROMOTE,
        /** Back to the last good stage. */
        ABORT
    }
}
