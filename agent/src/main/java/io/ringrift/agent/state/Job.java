package io.ringrift.agent.state;

import java.io.IOException;
import java.util.List;

/**
 * A job that was given to a node.
 *
 * @param details a JSON object, as it was handed in with the assignment
 * @param outcome a JSON document that came with its end; {@code null} in JSON before
 */
public record Job(
        String id,
        String node,
        byte[] details,
        Status status,
        long assignedMillis,
        long changedMillis,
        byte[] outcome) {

    /** In the order of their numbers on the log. */
    public enum Status {
        ASSIGNED,
        RUNNING,
        COMPLETED,
        FAILED;

        /** Whether nothing more happens to it. */
        public boolean isFinished() {
            return this == COMPLETED || this == FAILED;
        }
    }

    private static final List<Status> STATUSES = List.of(Status.values());
    private static final int OVERHEAD = 300;

    /** What it takes, in bytes, estimated. */
    long size() {
        return OVERHEAD + 2L * (id.length() + node.length()) + details.length + outcome.length;
    }

    Job with(Status next, byte[] newOutcome, long now) {
        return new Job(id, node, details, next, assignedMillis, now, newOutcome);
    }

    void write(Encoder out) throws IOException {
        out.text(id).text(node).bytes(details).tag(status.ordinal());
        out.number(assignedMillis).number(changedMillis).bytes(outcome);
    }

    static Job read(Decoder in) throws IOException {
        String id = in.text();
        String node = in.text();
        byte[] details = in.bytes();
        int status = in.tag();
        if (status >= STATUSES.size()) {
            throw Decoder.malformed("status " + status);
        }
        return new Job(id, node, details, STATUSES.get(status), in.number(), in.number(), in.bytes());
    }
}
