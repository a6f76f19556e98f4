package io.ringrift.agent.membership.http;

import io.ringrift.agent.membership.Address;
import java.util.List;

/** What HTTP polling sends: a poll and its answer each prove that the run which sent it lives. */
public sealed interface PollMessage {
    /** The most members that one answer names. */
    int MAX_HINTS = 256;

    /**
     * Asks for a sign of life.
     *
     * @param viewHash of the asker's view, so that the answer names members only where the views differ
     */
    record Poll(String viewHash) implements PollMessage {}

    /**
     * A sign of life.
     *
     * @param viewHash of the answerer's view
     * @param members live members of that view, at most {@link #MAX_HINTS}; empty where both views are equal
     */
    record PollAnswer(String viewHash, List<Hint> members) implements PollMessage {
        public PollAnswer {
            members = List.copyOf(members);
        }
    }

    /** The sender leaves for good; the same run is not taken back. */
    record Goodbye() implements PollMessage {}

    /** Where a member may be asked; no proof that it lives. */
    record Hint(String nodeId, Address address) {}
}
