package io.ringrift.operator.observe;

/**
 * Where an agent is asked and told.
 *
 * @param member its node id
 * @param pod uid of its pod: another pod under the same name and address is another agent
 * @param address IP of its pod
 */
public record AgentEndpoint(String member, String pod, String address, int port) {}
