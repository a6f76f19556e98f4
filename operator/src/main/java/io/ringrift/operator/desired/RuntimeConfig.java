package io.ringrift.operator.desired;

import io.ringrift.operator.api.ConsensusSpec;
import io.ringrift.operator.api.MembershipSpec;
import io.ringrift.operator.api.Modes;
import io.ringrift.operator.api.SwimSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What agents may be told while they run: the one document that the ConfigMap holds and that is pushed to each agent.
 *
 * @param generation numbers the document; agents take no lower one than they run
 * @param keys the agents' configuration keys without the generation, sorted
 */
public record RuntimeConfig(long generation, SortedMap<String, String> keys) {

    /** The key under which the generation itself is found. */
    public static final String GENERATION = "RINGRIFT_CONFIG_GENERATION";

    public RuntimeConfig {
        keys = Collections.unmodifiableSortedMap(new TreeMap<>(keys));
    }

    /**
     * What agents of that cluster are to be told.
     *
     * @param modes where the cluster is, not where it should be
     * @param voters who votes in Raft; the resource's new ones may have to wait
     */
    public static SortedMap<String, String> keysAt(ClusterModel model, Modes modes, List<String> voters) {
        var keys = new TreeMap<String, String>();
        keys.put("RINGRIFT_SWIM_ENABLED", Boolean.toString(modes.swimEnabled()));
        keys.put("RINGRIFT_MEMBERSHIP_MODE", modes.membership().token());
        keys.put("RINGRIFT_RAFT_ENABLED", Boolean.toString(modes.raftEnabled()));
        keys.put("RINGRIFT_CONSENSUS_MODE", modes.consensus().token());
        keys.put("RINGRIFT_PEERS", model.peers());
        keys.put("RINGRIFT_LOG_LEVEL", model.spec().agent().logLevel().name());
        membership(keys, model.spec().membership());
        consensus(keys, model.spec().consensus(), voters);
        return keys;
    }

    /**
     * Changes whenever what agents are to be told changes for another reason than the stage and the voters: the user's own modes,
     * peers, times.
     */
    public static String digest(ClusterModel model) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (int stage = 0; stage <= Modes.LAST_STAGE; stage++) {
                String keys =
                        keysAt(model, model.spec().modesAt(stage), List.of()).toString();
                sha256.update(keys.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(sha256.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The document as it is pushed and mounted: the keys and the generation. */
    public SortedMap<String, String> document() {
        var document = new TreeMap<>(keys);
        document.put(GENERATION, Long.toString(generation));
        return Collections.unmodifiableSortedMap(document);
    }

    private static void membership(Map<String, String> keys, MembershipSpec spec) {
        keys.put("RINGRIFT_HTTP_POLL_INTERVAL", spec.http().pollInterval());
        keys.put("RINGRIFT_HTTP_SUSPECT_AFTER", spec.http().suspectAfter());
        keys.put("RINGRIFT_HTTP_FAILED_AFTER", spec.http().failedAfter());
        keys.put("RINGRIFT_SWIM_PROFILE", spec.profile().token());
        // A key that is there wins over the profile: what the user did not set must not be there.
        SwimSpec swim = spec.swim();
        putIfSet(keys, "RINGRIFT_SWIM_FAILURE_TIMEOUT", swim.failureTimeout());
        putIfSet(keys, "RINGRIFT_SWIM_SUSPICION_TIMEOUT", swim.suspicionTimeout());
        putIfSet(keys, "RINGRIFT_SWIM_PING_INTERVAL", swim.pingInterval());
        putIfSet(keys, "RINGRIFT_SWIM_PING_REQUEST_GROUP_SIZE", swim.pingRequestGroupSize());
        putIfSet(keys, "RINGRIFT_SWIM_MAX_TRANSMISSIONS", swim.maxTransmissions());
    }

    private static void consensus(Map<String, String> keys, ConsensusSpec spec, List<String> voters) {
        keys.put("RINGRIFT_RAFT_PROFILE", spec.profile().token());
        keys.put("RINGRIFT_RAFT_RECOVERY_GENERATION", spec.recoveryGeneration().toString());
        keys.put("RAFT_VOTERS", String.join(",", voters));
    }

    private static void putIfSet(Map<String, String> keys, String key, Object value) {
        if (value != null) {
            keys.put(key, value.toString());
        }
    }
}
