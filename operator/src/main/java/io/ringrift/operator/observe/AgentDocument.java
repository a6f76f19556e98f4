package io.ringrift.operator.observe;

import java.util.Map;

/**
 * The configuration that all agents of a cluster are to run, and what entitles the operator to push it.
 *
 * @param token the cluster's credential; secret
 * @param keys without the generation
 */
public record AgentDocument(String token, long generation, Map<String, String> keys) {
    public AgentDocument {
        keys = Map.copyOf(keys);
    }

    /** Leaves the credential out. */
    @Override
    public String toString() {
        return "AgentDocument[generation=" + generation + "]";
    }
}
