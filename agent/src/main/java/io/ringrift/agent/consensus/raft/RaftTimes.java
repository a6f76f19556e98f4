package io.ringrift.agent.consensus.raft;

import static io.ringrift.agent.time.Durations.part;
import static io.ringrift.agent.time.Durations.times;

import io.ringrift.agent.config.AgentConfig.RaftProfile;
import java.time.Duration;

/**
 * The times of a latency profile. A follower that hears nothing stands after {@code min} to {@code max}, counted from its last look, so a
 * silent leader is noticed within twice {@code max}.
 *
 * @param min shortest election timeout; voters refuse to vote for so long after they heard a leader
 * @param max longest election timeout
 */
public record RaftTimes(Duration min, Duration max) {

    /** What a profile stands for. */
    public static RaftTimes of(RaftProfile profile) {
        return switch (profile) {
            case DEFAULT -> new RaftTimes(Duration.ofMillis(75), Duration.ofMillis(150));
            case STEADY -> new RaftTimes(Duration.ofMillis(150), Duration.ofMillis(300));
            case THROTTLED -> new RaftTimes(Duration.ofMillis(500), Duration.ofMillis(1_000));
        };
    }

    /** How long a leader may act after the sending of what a majority of voters answered. */
    public Duration lease() {
        return part(times(min, 8), 10);
    }

    /**
     * How long a new leader waits, from its election, before it acts: a former leader's lease has run out by then even where a forced
     * election did not wait for the voters' patience, and where clocks differ by 10 % in speed.
     */
    public Duration patience() {
        return part(times(lease(), 11), 10);
    }
}
