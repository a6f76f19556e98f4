package io.ringrift.agent.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One valid configuration, complete with defaults and profiles. Immutable; a change is another instance.
 *
 * @param generation the operator's number for this configuration; empty where nobody numbers it
 */
public record AgentConfig(
        OptionalLong generation,
        String nodeId,
        String clusterName,
        List<Peer> peers,
        Network network,
        MembershipMode membershipMode,
        Swim swim,
        HttpPolling http,
        ConsensusMode consensusMode,
        Bully bully,
        Raft raft,
        Path dataDir,
        Security security,
        Logging logging) {

    /** One entry of {@code RINGRIFT_PEERS}. */
    public sealed interface Peer {
        /** Host name or literal address. */
        String host();

        /** The peer's HTTP port; empty: the same as this node's. */
        OptionalInt port();

        /** {@code node=host[:port]}: a member known by its id. */
        record Named(String nodeId, String host, OptionalInt port) implements Peer {}

        /** A DNS name (or address) behind which any number of members may stand; their ids are learned from them. */
        record Discovered(String host, OptionalInt port) implements Peer {}
    }

    /**
     * Where this node listens and under which host name or address others reach it.
     *
     * @param advertiseHost empty: detected
     */
    public record Network(
            String bindAddress, Optional<String> advertiseHost, int httpPort, int swimPort, int raftPort) {}

    /** SWIM's switch and times; {@code failureTimeout} bounds first missed ping to FAILED. */
    public record Swim(
            boolean enabled,
            SwimProfile profile,
            Duration failureTimeout,
            Duration suspicionTimeout,
            Duration pingInterval,
            int pingRequestGroupSize,
            int maxTransmissions) {}

    /** HTTP polling: {@code interval < suspectAfter < failedAfter}. */
    public record HttpPolling(Duration interval, Duration suspectAfter, Duration failedAfter) {}

    /** Bully: the higher priority wins, then the higher node id. */
    public record Bully(long priority, BullyQuorum quorum) {}

    /**
     * Raft's switch, the node ids that vote and the latency profile.
     *
     * @param recoveryGeneration 0, and raised by hand after a majority of the voters' disks was lost
     */
    public record Raft(boolean enabled, List<String> voters, RaftProfile profile, long recoveryGeneration) {}

    /**
     * @param authToken the cluster's credential; empty: changes are taken from loopback only
     * @param gossipKeysFile empty: gossip is not sealed
     * @param tlsDir empty: plain HTTP
     */
    public record Security(Optional<Secret> authToken, Optional<Path> gossipKeysFile, Optional<Path> tlsDir) {}

    /** How and from which level on the agent logs. */
    public record Logging(LogFormat format, System.Logger.Level level) {}

    /** Tuning sets of SWIM; a key set by hand wins over its profile. */
    public enum SwimProfile implements Token {
        DEFAULT,
        FAST,
        LOW_BANDWIDTH
    }

    /** Tuning sets of Raft's election timers. */
    public enum RaftProfile implements Token {
        DEFAULT,
        STEADY,
        THROTTLED
    }

    /** How many of the configured members must agree before a Bully leader leads. */
    public enum BullyQuorum implements Token {
        MAJORITY,
        NONE
    }

    /** The shape of log lines. */
    public enum LogFormat implements Token {
        TEXT,
        JSON
    }
}
