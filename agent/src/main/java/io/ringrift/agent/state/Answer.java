package io.ringrift.agent.state;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What became of one request on the replicated state. */
public sealed interface Answer {

    record Value(KeyValue value) implements Answer {}

    /** The key alone, where its value is what the asker has handed in. */
    record Version(String key, long version) implements Answer {}

    /** @param more whether there are keys behind the last one here */
    record Values(List<KeyValue> values, boolean more) implements Answer {}

    record Added(List<WorkItem> items) implements Answer {}

    record Claimed(List<WorkItem> items) implements Answer {}

    record Work(WorkItem item) implements Answer {}

    /** @param more whether there are items behind the last one here */
    record WorkPage(List<WorkItem> items, boolean more) implements Answer {}

    /** @param counts in the order of {@link WorkItem.Status} */
    record WorkCounts(List<Long> counts) implements Answer {}

    /** @param orphaned its node is FAILED or LEFT: somebody should give it to another */
    record JobState(Job job, boolean orphaned) implements Answer {}

    /** @param more whether there are jobs behind the last one here */
    record Jobs(List<JobState> jobs, boolean more) implements Answer {}

    /** @param expiresInMillis from when it was answered on */
    record Held(Lock lock, long expiresInMillis) implements Answer {}

    record Done() implements Answer {}

    /**
     * Nothing was changed.
     *
     * @param details texts by name, for programs
     */
    record Refusal(Code code, String message, Map<String, String> details) implements Answer {
        static Refusal of(Code code, String message) {
            return new Refusal(code, message, Map.of());
        }
    }

    /** Why nothing was changed, in the order of their numbers on the log: new ones go to the end. */
    enum Code {
        NOT_FOUND,
        VERSION_CONFLICT,
        NOT_CLAIMANT,
        WRONG_STATE,
        LOCKED,
        NOT_OWNER,
        ALREADY_EXISTS,
        STALE_EPOCH,
        KEY_REUSED,
        LIMIT_EXCEEDED,
        INVALID_REQUEST,
        FORGOTTEN
    }

    /** As the result of a command on the log. */
    default byte[] encode() {
        return AnswerCodec.encode(this);
    }

    /** Reads the result of a command. @throws IOException for anything else */
    static Answer decode(byte[] bytes) throws IOException {
        return AnswerCodec.decode(bytes);
    }
}
