package io.ringrift.agent.consensus.bully;

import io.ringrift.agent.config.Token;
import io.ringrift.agent.consensus.Epochs;
import io.ringrift.agent.consensus.Leadership.Source;
import java.util.Optional;

/** What nodes say to each other about leadership. Epochs are 1 to {@link Epochs#MAX}. */
public sealed interface BullyMessage {
    /**
     * May I stand? Asked of every member before a claim, so that a node that cannot win raises no epoch.
     *
     * @param round the asker's own number for this election; comes back in the answer
     */
    record Election(long round) implements BullyMessage {}

    /** Answers {@link Election}. */
    record ElectionAnswer(long round, Vote vote) implements BullyMessage {}

    /**
     * I claim to be coordinator under this epoch; leads once a majority has acknowledged.
     *
     * @param released the epoch that its leader gave up in favour of the sender; 0 for none
     * @param source who elected the sender
     */
    record Coordinator(long epoch, long released, Source source) implements BullyMessage {}

    /**
     * I lead under this epoch; renews the lease.
     *
     * @param sequence counts the leader's rounds from 1
     * @param source who elected the sender
     */
    record Heartbeat(long epoch, long sequence, Source source) implements BullyMessage {}

    /**
     * Answers {@link Coordinator} (sequence 0) and {@link Heartbeat}.
     *
     * @param outcome accepted, or why not
     */
    record Acknowledgement(long epoch, long sequence, Outcome outcome) implements BullyMessage {}

    /**
     * I neither lead nor claim under this epoch any more.
     *
     * @param successor who should stand at once; empty: whoever wins
     */
    record StepDown(long epoch, Optional<String> successor) implements BullyMessage {}

    /** A node's answer to an election. */
    enum Vote implements Token {
        /** I stand before you and take over. */
        OK,
        /** You would have my promise. */
        GO,
        /** A leader holds my promise. */
        LEADER,
        /** I cannot promise anything now. */
        ABSTAIN
    }

    /** A node's answer to a claim or a heartbeat. */
    enum Outcome implements Token {
        ACCEPTED,
        /** A higher epoch was promised already. */
        EPOCH,
        /** Another leader's lease still runs. */
        LEASE,
        /** I cannot promise anything now. */
        ABSTAIN
    }
}
