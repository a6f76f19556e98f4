package io.ringrift.agent.consensus.raft;

import java.time.Duration;
import java.util.Optional;

/**
 * When a peer that closed itself, or could not start, is started again: three times quickly, then once a minute, so that a disk that
 * is full makes no crash loop. A peer that ran for a minute has a clean record.
 */
public final class Supervision {
    private static final int QUICK = 3;
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration SLOW = Duration.ofMinutes(1);

    /** Time for the leader's next messages to set it running, had they done so. */
    private static final Duration STUCK = Duration.ofSeconds(2);

    private int failures;
    private Optional<Duration> startedAt = Optional.empty();
    private Optional<Duration> restartAt = Optional.empty();
    private Optional<Duration> joinedAt = Optional.empty();

    /** The peer runs. */
    public void started(Duration now) {
        startedAt = startedAt.or(() -> Optional.of(now));
        restartAt = Optional.empty();
    }

    /** The peer does not run though it should. Returns whether that is news. */
    public boolean failed(Duration now) {
        if (restartAt.isPresent()) {
            return false;
        }
        if (startedAt.filter(since -> now.minus(since).compareTo(SLOW) >= 0).isPresent()) {
            failures = 0;
        }
        failures++;
        startedAt = Optional.empty();
        Duration wait = failures > QUICK ? SLOW : FIRST.multipliedBy(1L << (failures - 1));
        restartAt = Optional.of(now.plus(wait));
        return true;
    }

    /** Whether it is to be started again now; says so once. */
    public boolean isDue(Duration now) {
        boolean due = restartAt.filter(at -> now.compareTo(at) >= 0).isPresent();
        if (due) {
            restartAt = Optional.empty();
        }
        return due;
    }

    /**
     * Whether a peer that was started with an empty disk has become a voter and has to be started again, from what its disk holds now: until then Ratis
     * keeps it from standing for election. Asked at every look.
     */
    public boolean isStuck(boolean votesWhileStarting, Duration now) {
        joinedAt = votesWhileStarting ? joinedAt.or(() -> Optional.of(now)) : Optional.empty();
        boolean stuck =
                joinedAt.filter(since -> now.minus(since).compareTo(STUCK) >= 0).isPresent();
        if (stuck) {
            joinedAt = Optional.empty();
        }
        return stuck;
    }

    /** Another peer is wanted, or none: what was is forgotten. */
    public void reset() {
        failures = 0;
        startedAt = Optional.empty();
        restartAt = Optional.empty();
        joinedAt = Optional.empty();
    }

    /** How often in a row it failed. */
    public int failures() {
        return failures;
    }
}
