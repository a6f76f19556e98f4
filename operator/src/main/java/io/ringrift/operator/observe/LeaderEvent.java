package io.ringrift.operator.observe;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What an agent's event tells of a leader.
 *
 * @param source {@code raft} or {@code bully}
 */
record LeaderEvent(String leader, long epoch, Optional<String> source) {
    static final String NAME = "leader";

    /**
     * Empty where nobody leads, and where it is not what agents send: the agent's status tells of that a moment later.
     *
     * @param data JSON
     */
    static Optional<LeaderEvent> read(String data) {
        try {
            JsonObject event = new JsonObject(data);
            String leader = event.getString("leader");
            return leader == null
                    ? Optional.empty()
                    : Optional.of(new LeaderEvent(
                            leader, event.getLong("epoch", 0L), Optional.ofNullable(event.getString("source"))));
        } catch (DecodeException | ClassCastException e) {
            return Optional.empty();
        }
    }

    /** The agent's report, as far as this is newer. */
    AgentReport in(AgentReport report) {
        boolean newer = epoch > report.epoch()
                || epoch == report.epoch() && report.leader().isEmpty();
        return !newer
                ? report
                : report.with()
                        .leader(Optional.of(leader))
                        .epoch(epoch)
                        .source(source)
                        .build();
    }
}
