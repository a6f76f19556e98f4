package io.ringrift.agent.consensus.raft;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What this node's Raft peer says of itself at one moment.
 *
 * @param disk what the disk remembers; empty until it was read, and where it cannot be used
 * @param state how the peer does
 * @param trouble why it does not run, in a sentence; empty while it runs
 * @param leader the node that leads in this term as far as the peer knows
 * @param ready the peer leads and has applied everything before its term
 * @param leaderFor how long ago it was elected; zero where it does not lead
 * @param epoch the epoch that the last applied BEGIN entry assigned; 0 for none
 * @param holder the node that entry assigned it to
 * @param voters the configuration in force
 * @param followers by peer, what the leader knows of the others; empty where this peer does not lead
 */
@RecordBuilder
public record RaftReport(
        Optional<PeerDisk> disk,
        State state,
        Optional<String> trouble,
        RaftRole role,
        long term,
        Optional<String> leader,
        boolean ready,
        Duration leaderFor,
        long epoch,
        Optional<String> holder,
        OptionalLong commitIndex,
        OptionalLong appliedIndex,
        List<PeerId> voters,
        List<PeerId> listeners,
        Map<PeerId, Progress> followers)
        implements RaftReportBuilder.With {

    /** How a peer does. */
    public enum State {
        /** None is wanted. */
        OFF,
        /** It starts, or waits to be taken into the group. */
        STARTING,
        RUNNING,
        /** It closed itself or could not start. */
        FAILED
    }

    /**
     * How far a follower is.
     *
     * @param behind entries that it lacks
     * @param silent time since the sending of what it answered last
     */
    public record Progress(long behind, Duration silent) {}

    /** No peer. */
    public static RaftReport off() {
        return without(Optional.empty(), State.OFF, Optional.empty());
    }

    /** A peer that does not run. */
    public static RaftReport without(Optional<PeerDisk> disk, State state, Optional<String> trouble) {
        return new RaftReport(
                disk,
                state,
                trouble,
                RaftRole.NONE,
                0,
                Optional.empty(),
                false,
                Duration.ZERO,
                0,
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                List.of(),
                List.of(),
                Map.of());
    }

    /** The same a while later, if nothing has changed but the time. */
    public RaftReport later(Duration since) {
        return role == RaftRole.LEADER ? withLeaderFor(leaderFor.plus(since)) : this;
    }

    /** Whether it leads, ready to take entries. */
    public boolean leads() {
        return role == RaftRole.LEADER && ready;
    }
}
