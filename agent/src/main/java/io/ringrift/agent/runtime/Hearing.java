package io.ringrift.agent.runtime;

import io.ringrift.agent.security.Envelope;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether gossip is heard at all. The protocol itself cannot tell: its members answer over TCP where UDP is blocked, so nobody is
 * accused, but no news arrives any more.
 */
final class Hearing {
    /** How long the first answer may take. */
    private static final Duration JOINING = Duration.ofSeconds(3);

    private final int port;
    private Duration silentSince;
    private boolean expected;
    private Optional<Refused> refused = Optional.empty();

    private record Refused(Envelope.Reason reason, Duration at) {}

    /** @param port for the sentences */
    Hearing(int port, Duration now) {
        this.port = port;
        this.silentSince = now;
    }

    /** A packet of this cluster came in. */
    void heard(Duration now) {
        silentSince = now;
    }

    /** A packet came in that could not be opened. */
    void refused(Envelope.Reason reason, Duration now) {
        refused = Optional.of(new Refused(reason, now));
    }

    /** Whether a peer that lives asks SWIM. */
    void expect(boolean anybody, Duration now) {
        if (anybody && !expected) {
            silentSince = now;
        }
        expected = anybody;
    }

    /** This process slept: what came in meanwhile is still to be read. */
    void forgive(Duration now) {
        silentSince = now;
    }

    /**
     * Why gossip is not to be relied on, in a sentence; empty while it is.
     *
     * @param alive whether the protocol holds another member alive
     * @param patience how long silence may last once there are members
     */
    Optional<String> trouble(boolean alive, Duration patience, Duration now) {
        Duration silence = now.minus(silentSince);
        boolean deaf = alive ? silence.compareTo(patience) >= 0 : expected && silence.compareTo(JOINING) >= 0;
        if (!deaf) {
            return Optional.empty();
        }
        return refused.filter(last -> last.at().compareTo(silentSince) > 0)
                .map(last -> "SWIM packets arrive on UDP port " + port + " and none can be opened ("
                        + last.reason().token() + "): this node's gossip keys are not its peers'")
                .or(() -> Optional.of("No SWIM packet of another member arrives on UDP port " + port
                        + ", though members live: UDP is blocked somewhere between"));
    }
}
