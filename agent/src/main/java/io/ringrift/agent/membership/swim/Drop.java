package io.ringrift.agent.membership.swim;

import io.ringrift.agent.config.Token;

/** Why something that arrived was not used. */
public enum Drop implements Token {
    /** Not a packet of this protocol, cut short, or a field out of its range. */
    MALFORMED,
    /** A wire version that this agent does not read. */
    UNKNOWN_VERSION,
    /** Another cluster's. */
    FOREIGN_CLUSTER,
    /** Written to an instance that is not (any more) this one. */
    OTHER_INSTANCE,
    /** This node's own packet came back. */
    OWN,
    /** More than this node is willing to keep at once: joins to verify, errands for others, members. */
    OVERLOADED,
    /** News about this node that this node cannot have caused. */
    FORGED
}
