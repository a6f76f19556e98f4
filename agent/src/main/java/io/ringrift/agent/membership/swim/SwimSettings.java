package io.ringrift.agent.membership.swim;

import io.ringrift.agent.config.AgentConfig;
import java.time.Duration;

/**
 * SWIM's times and sizes, and everything derived from them. The values in brackets are those of the default profile.
 *
 * <p>The promise that the formulas keep: from the first missed ping to FAILED never more than {@code failureTimeout}, and a
 * member that pauses for half of it is never declared FAILED.
 *
 * @param failureTimeout upper bound from the first missed ping to FAILED [5 s]
 * @param suspicionTimeout how long a suspicion that others confirmed stays open [3 s]
 * @param pingInterval one ping to the ring successor and one to a random member in each [1 s]
 * @param indirectProbes relays asked when a ping is not answered [3]
 * @param maxTransmissions how often a node passes one update on [10]
 */
public record SwimSettings(
        Duration failureTimeout,
        Duration suspicionTimeout,
        Duration pingInterval,
        int indirectProbes,
        int maxTransmissions) {
    private static final long MILLI = 1_000_000L;
    /** Up to this size news is also sent to every member at once. */
    static final int SMALL_CLUSTER = 32;
    /** Ring neighbours of a suspect that are asked to look at once. */
    static final int WITNESSES = 4;
    /** Members that one round of gossip goes to. */
    static final int FANOUT = 3;

    public static SwimSettings of(AgentConfig.Swim swim) {
        return new SwimSettings(
                swim.failureTimeout(),
                swim.suspicionTimeout(),
                swim.pingInterval(),
                swim.pingRequestGroupSize(),
                swim.maxTransmissions());
    }

    long interval() {
        return pingInterval.toNanos();
    }

    /** Ping sent to verdict: half an interval, at most a tenth of the failure timeout, so that the suspicion has the rest [0.5 s]. */
    long verdict() {
        return Math.min(interval() / 2, failureTimeout.toNanos() / 10);
    }

    /** How long a direct answer is awaited before relays are asked, whatever the measured round trips [50-200 ms]. */
    long directTimeout(RoundTrips roundTrips) {
        return Math.clamp(roundTrips.patience(), verdict() / 10, verdict() * 2 / 5);
    }

    /**
     * The window of a confirmed suspicion [3 s]: the suspicion timeout, but never so short that a pause of half the failure
     * timeout could end in FAILED, and never so long that the bound breaks.
     */
    long confirmedWindow() {
        long pauseBound = failureTimeout.toNanos() * 6 / 10 - verdict();
        return Math.min(Math.max(suspicionTimeout.toNanos(), pauseBound), unconfirmedWindow());
    }

    /**
     * The window of a confirmed suspicion of a member whose host refuses its connections [1 s]. The kernel accepts for a process
     * that is paused, so this cannot be a pause and need not outlast one; it is what a refutation needs to get around.
     */
    long refusedWindow() {
        return confirmedWindow() / 3;
    }

    /** The window of a suspicion that nobody confirmed [4.5 s]. */
    long unconfirmedWindow() {
        return failureTimeout.toNanos() - verdict();
    }

    /** How long a node that hears nobody at all keeps its last view before it takes the others for dead [75 s]. */
    long isolationLimit() {
        return 15 * failureTimeout.toNanos();
    }

    /** Between rounds of gossip while there is news [200 ms]; nothing is sent while there is none. */
    long gossipInterval() {
        return Math.clamp(interval() / 5, 20 * MILLI, 500 * MILLI);
    }

    /** How long views may differ before they are exchanged [2 s]. */
    long syncDelay() {
        return 2 * syncInterval();
    }

    /** At most one exchange begun in each [1 s]. */
    long syncInterval() {
        return Math.min(interval(), 5_000 * MILLI);
    }

    /** Between contacts with members held FAILED and seeds that are no members, so that partitions heal [10 s]. */
    long lazarusInterval() {
        return Math.min(10 * interval(), 10_000 * MILLI);
    }

    /** How long a goodbye waits for its acknowledgements [1 s]. */
    long leaveTimeout() {
        return Math.min(interval(), 1_000 * MILLI);
    }

    /** How often one update is passed on in a cluster of that size: enough for everybody, at most what is configured. */
    int transmissions(int members) {
        int enough = 3 * (32 - Integer.numberOfLeadingZeros(members));
        return Math.min(maxTransmissions, enough);
    }

    /** Confirmations that shorten a suspicion all the way, in a cluster of that size: 0 of 2, 1 of 3, 3 from 7 on. */
    static int confirmations(int members) {
        return Math.min(Suspicion.MAX_ACCUSERS - 1, (members - 1) / 2);
    }
}
