package io.ringrift.agent.consensus.raft;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A Raft peer: a node and the disk it keeps its log on. A node whose disk is lost comes back as another peer, because Raft counts on a
 * peer never to forget.
 *
 * @param nodeId DNS label
 * @param storage 8 lower-case hexadecimal digits, drawn when the disk was first used
 */
public record PeerId(String nodeId, String storage) implements Comparable<PeerId> {
    private static final Pattern TEXT = Pattern.compile("([a-z0-9][-a-z0-9]{0,62})\\.([0-9a-f]{8})");

    /** Reads {@code node.storage}; empty where it is none. */
    public static Optional<PeerId> parse(String text) {
        var matcher = TEXT.matcher(text);
        return matcher.matches() ? Optional.of(new PeerId(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    @Override
    public int compareTo(PeerId other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return nodeId + "." + storage;
    }
}
