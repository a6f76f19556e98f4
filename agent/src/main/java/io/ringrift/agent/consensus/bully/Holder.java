package io.ringrift.agent.consensus.bully;

/** The run of a node that a promise was given to. */
record Holder(String nodeId, long instanceId) {}
