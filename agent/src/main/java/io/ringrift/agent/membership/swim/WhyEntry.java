package io.ringrift.agent.membership.swim;

import io.ringrift.agent.config.Token;
import java.time.Duration;

/**
 * One step on the way to a verdict about a member, for whoever asks "why".
 *
 * @param at time since this process started
 * @param by the node id that did or said it, or its instance in hexadecimal where the node is not known here
 * @param detail evidence, readable as it is
 * @param took how long the step took; zero for what takes no time
 */
public record WhyEntry(Duration at, Step step, String by, String detail, Duration took) {
    /** What happened. */
    public enum Step implements Token {
        /** A ping and everything tried after it stayed unanswered. */
        PROBE_FAILED,
        /** It answered over TCP and not over UDP. */
        TCP_ONLY,
        /** Probes failed but nobody else answered either: this node blamed itself. */
        BLAMED_SELF,
        SUSPECTED,
        /** Another member missed it as well. */
        CONFIRMED,
        /** Another member, asked to look, had an answer from it. */
        CONTRADICTED,
        /** So much of the cluster is suspected at once that a partition is likelier: the suspicion gets its full window. */
        HELD,
        /** It spoke for itself. */
        REFUTED,
        FAILED,
        LEFT,
        /** Its node runs anew, as another instance. */
        RESTARTED,
        /** Somebody else answers at its address. */
        ADDRESS_TAKEN
    }
}
