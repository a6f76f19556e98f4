package io.ringrift.operator.roll;

import java.time.Duration;
import java.util.Optional;

/** What a roll does next. */
public sealed interface RollStep {

    /** Every pod that is there was made from the present template. */
    record Done() implements RollStep {}

    /**
     * Nothing for now.
     *
     * @param reason as the end of a sentence, free of times
     * @param recheck when to look again though nothing has happened; empty: when something has
     */
    record Wait(String reason, Optional<Duration> recheck) implements RollStep {}

    /** Ask the voters for their {@link Standings} first, then decide again. */
    record AskVoters() implements RollStep {}

    /** Have the leader give up its leadership in favour of another voter. */
    record HandOver(RollPod leader, String successor) implements RollStep {}

    /** Evict that very pod; its successor is made from the present template. */
    record Evict(RollPod pod) implements RollStep {}
}
