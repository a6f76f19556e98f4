package io.ringrift.operator.rollout;

import io.ringrift.operator.api.RingRiftClusterStatus;
import io.ringrift.operator.api.RolloutStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gives every agent the wanted stage's configuration at once. Decides alone on the number that goes with a content: a content
 * keeps its number, another content gets a higher one, and no number ever stands for two contents. What is decided is
 * recorded in status before anybody is told.
 */
public final class DirectRollout {
    private DirectRollout() {}

    /**
     * The configuration to hand out now.
     *
     * @param status as recorded last
     * @param stage where the cluster should be
     * @param keys the agents' configuration for that stage, without a number
     * @param highestSeen the highest number that any agent or stored configuration shows: keeps the count if status is lost
     * @param now for {@code since}
     */
    public static RolloutStatus next(
            RingRiftClusterStatus status, int stage, Map<String, String> keys, long highestSeen, Instant now) {
        RolloutStatus previous = status.rollout();
        String digest = digest(keys);
        long recorded = previous == null || previous.generation() == null ? 0 : previous.generation();
        if (recorded > 0 && recorded >= highestSeen && digest.equals(previous.digest())) {
            return leadingTo(stage, previous);
        }
        return new RolloutStatus(
                status.stage(), stage, null, Math.max(recorded, highestSeen) + 1, digest, 0, now.toString(), null);
    }

    /** Where the resource sets the modes itself two stages can mean the same configuration. */
    private static RolloutStatus leadingTo(int stage, RolloutStatus previous) {
        if (previous.to() != null && previous.to() == stage) {
            return previous;
        }
        return new RolloutStatus(
                previous.from(),
                stage,
                previous.step(),
                previous.generation(),
                previous.digest(),
                previous.updated(),
                previous.since(),
                previous.message());
    }

    private static String digest(Map<String, String> keys) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            new TreeMap<>(keys).forEach((key, value) -> {
                sha256.update(key.getBytes(StandardCharsets.UTF_8));
                sha256.update((byte) '=');
                sha256.update(value.getBytes(StandardCharsets.UTF_8));
                sha256.update((byte) '\n');
            });
            return HexFormat.of().formatHex(sha256.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
