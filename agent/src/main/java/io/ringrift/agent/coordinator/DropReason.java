package io.ringrift.agent.coordinator;

import io.ringrift.agent.config.Token;

/** Why a message was not taken. Each is counted. */
public enum DropReason implements Token {
    /** Not a message: no JSON, a field missing, out of range or of the wrong type. */
    MALFORMED,
    /** Of another cluster. */
    FOREIGN_CLUSTER,
    /** An answer to a former run of this node, or to another node. */
    NOT_FOR_ME,
    /** From a run that a newer one has replaced. */
    OLDER_RUN,
    /** From one node more than fit. */
    TABLE_FULL,
    /** An answer that came as a request, or a request as an answer. */
    OUT_OF_PLACE
}
