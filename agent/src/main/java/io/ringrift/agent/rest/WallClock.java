package io.ringrift.agent.rest;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Shows times since the process started as RFC 3339 in UTC. The wall clock is read once, at start: later jumps of it do not reorder anything.
 *
 * @param startedAt what the wall clock said when the process started
 */
record WallClock(Instant startedAt) {
    String at(Duration sinceStart) {
        return startedAt.plus(sinceStart).truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
