package io.ringrift.agent.coordinator;

import io.ringrift.agent.consensus.bully.BullyMessage;
import io.ringrift.agent.consensus.bully.BullyStatus;
import io.ringrift.agent.consensus.raft.VoterStatus;
import io.ringrift.agent.membership.Identity;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.Ports;
import io.ringrift.agent.membership.http.PollMessage;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What agents send each other over HTTP: who says it, to which run of which node, and what.
 *
 * @param cluster the cluster's name; a message of another cluster is dropped
 */
public record Message(String cluster, Sender from, Target to, Body body) {

    /**
     * The run that sends.
     *
     * @param host under which others reach it; empty: whence it came
     */
    public record Sender(
            Identity identity,
            Optional<String> host,
            Ports ports,
            Member.Modes modes,
            BullyStatus election,
            VoterStatus raft) {}

    /**
     * Whom it is meant for.
     *
     * @param nodeId empty while only the address is known
     * @param instanceId empty while that node was never heard
     */
    public record Target(Optional<String> nodeId, OptionalLong instanceId) {}

    /** What is said. Requests are answered by exactly one body; answers are not answered. */
    public sealed interface Body {
        /** Polling: {@link PollMessage.Poll} and goodbye are requests. */
        record Polling(PollMessage message) implements Body {}

        /** Elections: ELECTION, COORDINATOR, heartbeat and step-down are requests. */
        record Bully(BullyMessage message) implements Body {}

        /** Request: nothing but what every message says of its sender, and the same of whoever answers. */
        record Hello() implements Body {}

        /** Answer: taken, nothing to say. */
        record Noted() implements Body {}

        /** Answer: the request was meant for another node or run than the one that sends this. */
        record NotMe() implements Body {}

        /**
         * Answer: a newer run of the asker's node is known.
         *
         * @param incarnation the newer run's
         * @param alive whether it is thought to live; where not, the asker may take its place by raising its own incarnation
         */
        record Superseded(long incarnation, boolean alive) implements Body {}
    }
}
