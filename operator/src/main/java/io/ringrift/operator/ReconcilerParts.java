package io.ringrift.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.ringrift.operator.observe.AgentSync;
import java.time.InstantSource;

/**
 * What the reconciler works with.
 *
 * @param agentImage the agent that new clusters get
 * @param clock wall-clock time, for what status shows and for certificates
 */
record ReconcilerParts(KubernetesClient client, AgentSync agents, String agentImage, InstantSource clock) {}
