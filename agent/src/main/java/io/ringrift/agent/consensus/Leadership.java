package io.ringrift.agent.consensus;

import io.ringrift.agent.config.Token;
import java.util.Optional;

/**
 * The one answer to "who leads".
 *
 * @param leader node id; empty while nobody leads
 * @param epoch the fencing token: rises with every change of leader and never repeats; without a leader the highest seen
 * @param source the protocol that elected; empty while nobody leads
 */
public record Leadership(Optional<String> leader, long epoch, Optional<Source> source) {

    /** The protocol that elected a leader. */
    public enum Source implements Token {
        RAFT,
        BULLY
    }

    /** Nobody leads; {@code epoch} is the highest seen. */
    public static Leadership none(long epoch) {
        return new Leadership(Optional.empty(), epoch, Optional.empty());
    }
}
