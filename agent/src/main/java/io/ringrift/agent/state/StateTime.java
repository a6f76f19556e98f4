package io.ringrift.agent.state;

import static io.ringrift.agent.time.Durations.max;
import static io.ringrift.agent.time.Durations.min;
import static io.ringrift.agent.time.Durations.part;

import java.time.Duration;

/**
 * What time it is for the replicated state, as one node knows it: the time that leaders give to entries, by which claims and locks run out. It is kept by
 * the clock that counts from the start of a process, and set by the entries that are applied; a leader's wall clock draws it along slowly. So it goes
 * on as fast as time does, within {@link #SLEW}, whatever the nodes' clocks say: a clock that is ahead by seconds would else, with its node's first
 * entry as leader, end claims and locks too early by as many. Pure.
 *
 * @param time since 1970; zero where no entry was ever applied or proposed here
 * @param at when it was that time, counted from the start of the process
 * @param known whether somebody who knows has told it since this process started, or this node has led: the last entry alone may be old by any
 *     time that all were down for, or in which nobody wrote anything
 */
public record StateTime(Duration time, Duration at, boolean known) {
    /** Nothing is known yet. */
    public static final StateTime NONE = new StateTime(Duration.ZERO, Duration.ZERO, false);

    /** How much faster or slower than time itself it goes, to come nearer to the leader's wall clock: one in so many. */
    private static final int SLEW = 100;

    /** How fast a node gives in to entries that are older than it thought: faster than a leader can slow down, so that it follows one. */
    private static final int GIVE_IN = 50;

    /** What this node, as leader, gives to an entry that it proposes now. */
    public StateTime led(Duration wall, Duration now) {
        Duration expected = on(now);
        Duration ahead = wall.minus(expected);
        if (time.isZero() || (!known && ahead.isPositive())) {
            return new StateTime(wall, now, known);
        }
        Duration most = part(since(now), SLEW);
        Duration step = ahead.isNegative() ? max(ahead, Duration.ZERO.minus(most)) : min(ahead, most);
        return new StateTime(expected.plus(step), now, known);
    }

    /**
     * An entry with the time {@code entry} was applied here. One that is older than was thought came late, to a node that was paused or cut
     * off, or its leader goes slower: the one is forgotten, the other followed.
     */
    public StateTime applied(Duration entry, Duration now) {
        Duration expected = on(now);
        Duration late = expected.minus(entry);
        if (time.isZero() || late.isNegative()) {
            return new StateTime(entry, now, known);
        }
        return new StateTime(expected.minus(min(late, part(since(now), GIVE_IN))), now, known);
    }

    /** The leader told that it is {@code told}: as good as an entry, and from one who knows. */
    public StateTime followed(Duration told, Duration now) {
        return applied(told, now).confirmed();
    }

    /**
     * A node that does not lead, and knows, told that it is {@code told}. Where this one thought it was later, it goes on with that: what is told is as old as the
     * message, which may have waited in a node that was paused.
     */
    public StateTime heard(Duration told, Duration now) {
        return new StateTime(max(told, on(now)), now, true);
    }

    /** The same, and known: as when an entry that this node gave the time to was accepted. */
    public StateTime confirmed() {
        return known ? this : new StateTime(time, at, true);
    }

    /** What time it is now; zero where nothing is known. */
    public Duration on(Duration now) {
        return time.isZero() ? Duration.ZERO : time.plus(since(now));
    }

    /**
     * What others are told that it is now: no later than what the leader will give to its next entry, if that may go slower. Whoever is told too much
     * and leads next ends things early; too little ends them late, by a hundredth of the time without an entry.
     */
    public Duration atLeast(Duration now) {
        return time.isZero() ? Duration.ZERO : on(now).minus(part(since(now), SLEW));
    }

    private Duration since(Duration now) {
        return now.minus(at);
    }
}
