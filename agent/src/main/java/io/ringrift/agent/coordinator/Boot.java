package io.ringrift.agent.coordinator;

import io.ringrift.agent.consensus.bully.Remembered;

/**
 * What a run starts with.
 *
 * @param instanceId 64 random bits, fresh at every start
 * @param incarnation epoch milliseconds at the start, and higher than any former run's that is remembered
 * @param remembered what a former run made durable of its promises
 * @param raftOnly whether a former run knew that the members run Raft alone
 */
public record Boot(long instanceId, long incarnation, Remembered remembered, boolean raftOnly) {}
