package io.ringrift.agent.membership;

import java.util.Comparator;

/**
 * One run of one node. A restart is another run of the same node: another instance id and a higher incarnation.
 *
 * @param nodeId the node; stable over restarts
 * @param instanceId 64 random bits, fresh at every start
 * @param incarnation epoch milliseconds of the start, later raised by the run itself to refute what is said of it; up to 2^53
 */
public record Identity(String nodeId, long instanceId, long incarnation) {
    private static final Comparator<Identity> AGE =
            Comparator.comparingLong(Identity::incarnation).thenComparing(Identity::instanceId, Long::compareUnsigned);

    /** Whether {@code other} is another run of this node. */
    public boolean isAnotherRunOf(Identity other) {
        return nodeId.equals(other.nodeId) && instanceId != other.instanceId;
    }

    /** Whether this run replaces {@code other}; every node that compares the two answers alike. */
    public boolean isNewerThan(Identity other) {
        return AGE.compare(this, other) > 0;
    }

    /** The same run under another incarnation. */
    public Identity withIncarnation(long raised) {
        return new Identity(nodeId, instanceId, raised);
    }
}
