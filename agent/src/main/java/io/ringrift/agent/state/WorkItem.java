package io.ringrift.agent.state;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A piece of work.
 *
 * @param config a JSON document, as it was handed in
 * @param priority higher is claimed first
 * @param sequence the order in which work was added, across all of it
 * @param attempts how often it was claimed
 * @param claimant who holds it, or held it last
 * @param createdMillis by the leader's clock, in milliseconds since 1970, as all times here
 * @param deadlineMillis when the claim times out; 0 while nobody holds it
 * @param outcome a JSON document: the result of what is completed, else the last error; {@code null} in JSON where there is none
 */
public record WorkItem(
        String id,
        String type,
        byte[] config,
        int priority,
        int maxAttempts,
        long timeoutMillis,
        long sequence,
        long createdMillis,
        Status status,
        int attempts,
        Optional<String> claimant,
        long changedMillis,
        long deadlineMillis,
        byte[] outcome) {

    /** In the order of their numbers on the log. */
    public enum Status {
        PENDING,
        CLAIMED,
        RUNNING,
        COMPLETED,
        FAILED;

        /** Whether somebody holds it. */
        public boolean isHeld() {
            return this == CLAIMED || this == RUNNING;
        }

        /** Whether nothing more happens to it. */
        public boolean isFinished() {
            return this == COMPLETED || this == FAILED;
        }
    }

    private static final List<Status> STATUSES = List.of(Status.values());
    private static final int OVERHEAD = 400;

    /** What it takes, in bytes, estimated. */
    long size() {
        return OVERHEAD + 2L * (id.length() + type.length()) + config.length + outcome.length;
    }

    WorkItem claimed(String by, long now) {
        return with(Status.CLAIMED, attempts + 1, Optional.of(by), now, now + timeoutMillis, outcome);
    }

    /** The time that it may take counts from here anew. */
    WorkItem started(long now) {
        return with(Status.RUNNING, attempts, claimant, now, now + timeoutMillis, outcome);
    }

    WorkItem completed(byte[] result, long now) {
        return with(Status.COMPLETED, attempts, claimant, now, 0, result);
    }

    /** Back to pending, or failed for good where it has no attempt left. */
    WorkItem released(byte[] error, long now) {
        return with(attempts < maxAttempts ? Status.PENDING : Status.FAILED, attempts, claimant, now, 0, error);
    }

    private WorkItem with(Status next, int tries, Optional<String> by, long changed, long deadline, byte[] newOutcome) {
        return new WorkItem(
                id,
                type,
                config,
                priority,
                maxAttempts,
                timeoutMillis,
                sequence,
                createdMillis,
                next,
                tries,
                by,
                changed,
                deadline,
                newOutcome);
    }

    void write(Encoder out) throws IOException {
        out.text(id)
                .text(type)
                .bytes(config)
                .number(priority)
                .number(maxAttempts)
                .number(timeoutMillis);
        out.number(sequence)
                .number(createdMillis)
                .tag(status.ordinal())
                .number(attempts)
                .optional(claimant);
        out.number(changedMillis).number(deadlineMillis).bytes(outcome);
    }

    static WorkItem read(Decoder in) throws IOException {
        return new WorkItem(
                in.text(),
                in.text(),
                in.bytes(),
                in.number(Integer.MAX_VALUE),
                in.number(Integer.MAX_VALUE),
                in.number(),
                in.number(),
                in.number(),
                status(in),
                in.number(Integer.MAX_VALUE),
                in.optionalText(),
                in.number(),
                in.number(),
                in.bytes());
    }

    static Status status(Decoder in) throws IOException {
        int number = in.tag();
        if (number >= STATUSES.size()) {
            throw Decoder.malformed("status " + number);
        }
        return STATUSES.get(number);
    }
}
