package io.ringrift.agent.state;

/**
 * The log holds an entry of a kind that this version does not know. To skip what others apply would make another state of the same log,
 * which nobody would notice: nothing more may be applied here.
 */
public final class NewerEntryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NewerEntryException(int kind) {
        super("The log holds an entry of kind " + kind + ", which a newer agent wrote. This agent knows kinds up to "
                + ReplicatedState.NEWEST_ENTRY + " and applies nothing more; run the newer version here.");
    }
}
