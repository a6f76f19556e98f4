package io.ringrift.agent.coordinator;

/**
 * What a run starts with.
 *
 * @param instanceId 64 random bits, fresh at every start
 * @param incarnation epoch milliseconds at the start, and higher than any former run's that is remembered
 * @param rememberedEpoch the highest epoch that a former run made durable; 0 where nothing is remembered
 */
public record Boot(long instanceId, long incarnation, long rememberedEpoch) {}
