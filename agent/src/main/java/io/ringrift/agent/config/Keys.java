package io.ringrift.agent.config;

import io.ringrift.agent.config.AgentConfig.BullyQuorum;
import io.ringrift.agent.config.AgentConfig.LogFormat;
import io.ringrift.agent.config.AgentConfig.Peer;
import io.ringrift.agent.config.AgentConfig.RaftProfile;
import io.ringrift.agent.config.AgentConfig.SwimProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Every key there is, in the order of the documentation. */
final class Keys {
    private static final SwimTimes SWIM = SwimTimes.of(SwimProfile.DEFAULT);

    static final Key<Path> CONFIG_DIR = Key.fixed(
            "RINGRIFT_CONFIG_DIR",
            Values.DIRECTORY,
            "none",
            "Directory with one file a key, named like the key; wins over the environment and is watched. Taken from the environment only.");
    static final Key<Long> CONFIG_GENERATION = Key.live(
            "RINGRIFT_CONFIG_GENERATION",
            Values.GENERATION,
            "none",
            "Number of this configuration; a lower one than the running one is refused.");
    static final Key<String> NODE_ID = Key.fixed(
            "RINGRIFT_NODE_ID",
            Values.NODE_ID,
            "the host name's first label",
            "Who this node is; unique in the cluster.");
    static final Key<String> CLUSTER_NAME = Key.fixed(
            "RINGRIFT_CLUSTER_NAME",
            Values.NAME_OF_CLUSTER,
            "ringrift",
            "Part of every message; a stranger's messages are dropped and counted.");
    static final Key<List<Peer>> PEERS = Key.live(
            "RINGRIFT_PEERS",
            Lists.PEERS,
            "none",
            "The other nodes, or DNS names that resolve to them. The port is the peer's HTTP port, this node's own where it is left out. This node may be listed too.");
    static final Key<String> BIND_ADDR =
            Key.fixed("RINGRIFT_BIND_ADDR", Values.HOST, "0.0.0.0", "The address that all three ports are opened on.");
    static final Key<String> ADVERTISE_HOST = Key.fixed(
            "RINGRIFT_ADVERTISE_HOST", Values.REACHABLE_HOST, "detected", "Where other nodes reach this one.");
    static final Key<Integer> P2P_PORT = Key.fixed(
            "RINGRIFT_P2P_PORT", Values.PORT, "8770", "TCP port of the REST API. The three ports must differ.");
    static final Key<Boolean> SWIM_ENABLED = Key.live(
            "RINGRIFT_SWIM_ENABLED",
            Values.BOOLEAN,
            "false; true in mode swim or hybrid",
            "Whether SWIM runs. With mode http it runs in shadow: it reports and decides nothing.");
    static final Key<MembershipMode> MEMBERSHIP_MODE = Key.live(
            "RINGRIFT_MEMBERSHIP_MODE",
            Values.oneOf(MembershipMode.class),
            "http",
            "Who is asked whether a member lives.");
    static final Key<Integer> SWIM_PORT = Key.fixed("RINGRIFT_SWIM_PORT", Values.PORT, "7947", "UDP port of SWIM.")
            .alias("RINGRIFT_SWIM_BIND_PORT");
    static final Key<SwimProfile> SWIM_PROFILE = Key.live(
            "RINGRIFT_SWIM_PROFILE",
            Values.oneOf(SwimProfile.class),
            "default",
            "Failure, suspicion and ping time at once; a key set by hand wins over it. " + profiles());
    static final Key<Duration> SWIM_FAILURE_TIMEOUT = Key.live(
            "RINGRIFT_SWIM_FAILURE_TIMEOUT",
            Values.DURATION_TYPE,
            SWIM.failureTimeout(),
            "Upper bound from the first missed ping to FAILED.");
    static final Key<Duration> SWIM_SUSPICION_TIMEOUT = Key.live(
            "RINGRIFT_SWIM_SUSPICION_TIMEOUT",
            Values.DURATION_TYPE,
            SWIM.suspicionTimeout(),
            "How long a suspected member may refute; less than the failure timeout.");
    static final Key<Duration> SWIM_PING_INTERVAL = Key.live(
            "RINGRIFT_SWIM_PING_INTERVAL", Values.DURATION_TYPE, SWIM.pingInterval(), "SWIM's protocol period.");
    static final Key<Integer> SWIM_PING_REQUEST_GROUP_SIZE = Key.live(
            "RINGRIFT_SWIM_PING_REQUEST_GROUP_SIZE",
            Values.between(1, 10),
            "3",
            "How many members are asked to probe indirectly.");
    static final Key<Integer> SWIM_MAX_TRANSMISSIONS = Key.live(
            "RINGRIFT_SWIM_MAX_TRANSMISSIONS", Values.between(1, 100), "10", "How often an update is gossiped.");
    static final Key<Boolean> RAFT_ENABLED = Key.live(
            "RINGRIFT_RAFT_ENABLED",
            Values.BOOLEAN,
            "false; true in mode raft or hybrid",
            "Whether Raft runs. With mode bully it runs in shadow: it reports and decides nothing.");
    static final Key<ConsensusMode> CONSENSUS_MODE =
            Key.live("RINGRIFT_CONSENSUS_MODE", Values.oneOf(ConsensusMode.class), "bully", "Who decides leadership.");
    static final Key<Integer> RAFT_PORT = Key.fixed("RINGRIFT_RAFT_PORT", Values.PORT, "4321", "TCP port of Raft.")
            .alias("RINGRIFT_RAFT_BIND_PORT");
    static final Key<List<String>> RAFT_VOTERS = Key.live(
                    "RAFT_VOTERS",
                    Lists.NODE_IDS,
                    "none",
                    "The nodes that vote, each a peer or this node. An odd number, 3 or 5, is advised. Needed where Raft is enabled.")
            .alias("RINGRIFT_RAFT_VOTERS");
    static final Key<RaftProfile> RAFT_PROFILE = Key.live(
            "RINGRIFT_RAFT_PROFILE",
            Values.oneOf(RaftProfile.class),
            "default",
            "Raft's election times: default 75-150 ms, steady 150-300 ms, throttled 500-1000 ms.");
    static final Key<Long> RAFT_RECOVERY_GENERATION = Key.live(
            "RINGRIFT_RAFT_RECOVERY_GENERATION",
            Values.GENERATION,
            "0",
            "Raised by hand after a majority of the voters' disks was lost: Raft's group is founded anew, without what was lost. Never lowered.");
    static final Key<Duration> HTTP_POLL_INTERVAL = Key.live(
            "RINGRIFT_HTTP_POLL_INTERVAL",
            Values.DURATION_TYPE,
            "15",
            "How often every peer is polled; less than the time to suspect.");
    static final Key<Duration> HTTP_SUSPECT_AFTER = Key.live(
            "RINGRIFT_HTTP_SUSPECT_AFTER",
            Values.DURATION_TYPE,
            "45",
            "Silence after which a peer is SUSPECTED; less than the time to fail.");
    static final Key<Duration> HTTP_FAILED_AFTER =
            Key.live("RINGRIFT_HTTP_FAILED_AFTER", Values.DURATION_TYPE, "75", "Silence after which a peer is FAILED.");
    static final Key<Long> BULLY_PRIORITY = Key.live(
            "RINGRIFT_BULLY_PRIORITY",
            Values.ANY_WHOLE_NUMBER,
            "0",
            "The higher priority wins an election, then the higher node id.");
    static final Key<BullyQuorum> BULLY_QUORUM = Key.live(
            "RINGRIFT_BULLY_QUORUM",
            Values.oneOf(BullyQuorum.class),
            "majority",
            "Whether a Bully leader needs a majority of the configured members.");
    static final Key<Path> DATA_DIR = Key.fixed(
            "RINGRIFT_DATA_DIR",
            Values.WRITABLE_DIRECTORY,
            "ringrift-data/NODE_ID under the working directory",
            "Raft's log and the storage id.");
    static final Key<Secret> AUTH_TOKEN = Key.live(
                    "RINGRIFT_CLUSTER_AUTH_TOKEN",
                    Values.AUTH_TOKEN,
                    "none",
                    "The cluster's credential. Without one, requests that change anything are taken from loopback only.")
            .shown(Key.Shown.NEVER);
    static final Key<Path> AUTH_TOKEN_FILE = Key.fixed(
                    "RINGRIFT_CLUSTER_AUTH_TOKEN_FILE",
                    Values.FILE,
                    "none",
                    "File that holds the credential instead; its content is watched. Both set must agree.")
            .shown(Key.Shown.ABSOLUTE_PATH_ONLY);
    static final Key<Path> GOSSIP_KEYS_FILE = Key.fixed(
            "RINGRIFT_GOSSIP_KEYS_FILE",
            Values.FILE,
            "none: gossip is not sealed",
            "One base64 key of 32 bytes a line; the first seals, all open. Its content is watched.");
    static final Key<Path> TLS_DIR = Key.fixed(
            "RINGRIFT_TLS_DIR",
            Values.DIRECTORY,
            "none: plain HTTP",
            "Directory with tls.crt, tls.key and ca.crt. Their content is watched.");
    static final Key<LogFormat> LOG_FORMAT =
            Key.live("RINGRIFT_LOG_FORMAT", Values.oneOf(LogFormat.class), "text", "The shape of log lines.");
    static final Key<System.Logger.Level> LOG_LEVEL =
            Key.live("RINGRIFT_LOG_LEVEL", Values.LOG_LEVEL, "INFO", "The least level that is logged.");

    static final List<Key<?>> ALL = List.of(
            CONFIG_DIR,
            CONFIG_GENERATION,
            NODE_ID,
            CLUSTER_NAME,
            PEERS,
            BIND_ADDR,
            ADVERTISE_HOST,
            P2P_PORT,
            SWIM_ENABLED,
            MEMBERSHIP_MODE,
            SWIM_PORT,
            SWIM_PROFILE,
            SWIM_FAILURE_TIMEOUT,
            SWIM_SUSPICION_TIMEOUT,
            SWIM_PING_INTERVAL,
            SWIM_PING_REQUEST_GROUP_SIZE,
            SWIM_MAX_TRANSMISSIONS,
            RAFT_ENABLED,
            CONSENSUS_MODE,
            RAFT_PORT,
            RAFT_VOTERS,
            RAFT_PROFILE,
            RAFT_RECOVERY_GENERATION,
            HTTP_POLL_INTERVAL,
            HTTP_SUSPECT_AFTER,
            HTTP_FAILED_AFTER,
            BULLY_PRIORITY,
            BULLY_QUORUM,
            DATA_DIR,
            AUTH_TOKEN,
            AUTH_TOKEN_FILE,
            GOSSIP_KEYS_FILE,
            TLS_DIR,
            LOG_FORMAT,
            LOG_LEVEL);

    private Keys() {}

    /** Whether a name can only be meant for the agent, so that an unknown one deserves a word. */
    static boolean isOurs(String name) {
        return name.startsWith("RINGRIFT_") || name.startsWith("RAFT_");
    }

    static Stream<String> names() {
        return ALL.stream().flatMap(key -> key.names().stream());
    }

    private static String profiles() {
        return "fast: " + SwimTimes.of(SwimProfile.FAST).inWords() + "; low-bandwidth: "
                + SwimTimes.of(SwimProfile.LOW_BANDWIDTH).inWords() + ".";
    }
}
