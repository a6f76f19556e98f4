package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.Member.Modes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a member says of itself. Only the member makes new ones: every change comes with a higher incarnation, so whoever
 * holds the higher one is right.
 *
 * @param nodeId its name, 1-63 characters, the same after a restart
 * @param instance this boot of it, see {@link #instanceOf}; never 0
 * @param incarnation begins with the wall clock's milliseconds at boot and rises with every refutation or change
 * @param endpoint where it hears gossip
 * @param httpPort its REST API, at the same address
 * @param raftPort its Raft RPC, at the same address
 * @param modes what it runs; empty where it says nothing we understand
 * @param wireVersion the highest wire version it reads
 */
public record MemberRecord(
        String nodeId,
        long instance,
        long incarnation,
        Endpoint endpoint,
        int httpPort,
        int raftPort,
        Optional<Modes> modes,
        int wireVersion) {
    /** No incarnation is higher: the largest whole number that JSON carries exactly. */
    static final long MAX_INCARNATION = (1L << 53) - 1;

    static final int MAX_NODE_ID = 63;

    public MemberRecord {
        if (!isInstance(nodeId, instance)) {
            throw new IllegalArgumentException("node id '" + nodeId + "', instance " + Long.toHexString(instance)
                    + ": allowed are 1-63 letters, digits, '.', '_', '-', and an instance made from that id");
        }
        if (incarnation < 0 || incarnation > MAX_INCARNATION) {
            throw new IllegalArgumentException("incarnation " + incarnation + ": allowed is 0-" + MAX_INCARNATION);
        }
    }

    /**
     * The id of one boot of a node: its upper half is the CRC-32C of the node id, its lower half is drawn at boot. All boots
     * of a node are therefore neighbours in the member table, and one search finds a node by name without a second index.
     *
     * @param boot random, drawn anew at every start
     */
    public static long instanceOf(String nodeId, int boot) {
        return nameHash(nodeId) << 32 | (boot == 0 ? 1 : boot & 0xFFFF_FFFFL);
    }

    static long nameHash(String nodeId) {
        CRC32C crc = new CRC32C();
        crc.update(nodeId.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    static boolean isInstance(String nodeId, long instance) {
        return isNodeId(nodeId) && (int) instance != 0 && instance >>> 32 == nameHash(nodeId);
    }

    private static boolean isNodeId(String nodeId) {
        for (int i = 0; i < nodeId.length(); i++) {
            char c = nodeId.charAt(i);
            if (!(c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '-'
                    || c == '.'
                    || c == '_')) {
                return false;
            }
        }
        return !nodeId.isEmpty() && nodeId.length() <= MAX_NODE_ID;
    }

    /** Where its REST API listens. */
    public Endpoint http() {
        return endpoint.withPort(httpPort);
    }

    MemberRecord withIncarnation(long other) {
        return other == incarnation
                ? this
                : new MemberRecord(nodeId, instance, other, endpoint, httpPort, raftPort, modes, wireVersion);
    }

    MemberRecord withModes(Optional<Modes> other) {
        return new MemberRecord(nodeId, instance, incarnation, endpoint, httpPort, raftPort, other, wireVersion);
    }

    MemberRecord withEndpoint(Endpoint other) {
        return new MemberRecord(nodeId, instance, incarnation, other, httpPort, raftPort, modes, wireVersion);
    }

    /** Whether this instance of a node wins over another instance of the same node. */
    boolean outranks(MemberRecord other) {
        return incarnation != other.incarnation
                ? incarnation > other.incarnation
                : Long.compareUnsigned(instance, other.instance) > 0;
    }
}
