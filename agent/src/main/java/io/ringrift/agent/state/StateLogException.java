package io.ringrift.agent.state;

/** A command was not replicated, or nobody knows. The message is a sentence for whoever sent it. */
public final class StateLogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** Why; agents tell each other by number. */
    public enum Kind {
        /** Surely not applied: this node does not act as leader. */
        NOT_LEADER,
        /** Surely not applied: no majority of voters answers. */
        NO_QUORUM,
        /** Surely not applied: too much waits already. */
        OVERLOADED,
        /** Surely not applied: larger than an entry may be. */
        TOO_LARGE,
        /** It may have been applied, or still be. */
        OUTCOME_UNKNOWN
    }

    public StateLogException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
