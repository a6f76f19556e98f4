package io.ringrift.operator;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.apply.ClusterObjects;
import io.ringrift.operator.desired.ClusterModel;
import io.ringrift.operator.desired.ClusterSecrets;
import io.ringrift.operator.desired.RuntimeDocuments;
import io.ringrift.operator.observe.AgentEndpoint;
import io.ringrift.operator.observe.AgentReply;
import io.ringrift.operator.observe.ClusterObservation;
import io.ringrift.operator.observe.PodObservation;
import io.ringrift.operator.roll.RollView;
import io.ringrift.operator.rollout.Decision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gathers what the caches and the agents show of one cluster. */
final class ClusterObserver {
    private final ClusterObjects objects;
    private final String defaultAgentImage;

    /** @param defaultAgentImage the agent that new clusters get */
    ClusterObserver(ClusterObjects objects, String defaultAgentImage) {
        this.objects = objects;
        this.defaultAgentImage = defaultAgentImage;
    }

    /**
     * The image that this cluster got when it was first seen: an upgrade of the operator alone changes no pod. Where the
     * status is lost the workload remembers it.
     */
    String agentImage(RingRiftCluster cluster, Context<RingRiftCluster> context) {
        return Optional.ofNullable(cluster.knownStatus().agentImage())
                .or(() -> objects.live(
                                context,
                                StatefulSet.class,
                                cluster.getMetadata().getName())
                        .flatMap(ClusterModel::agentImageIn))
                .orElse(defaultAgentImage);
    }

    /** Pods and replies of members; what others have of both is none of this cluster's. */
    static ClusterObservation observe(
            ClusterModel model, Map<String, AgentReply> replies, Context<RingRiftCluster> context) {
        Set<String> members = Set.copyOf(model.members());
        Map<String, PodObservation> pods = new HashMap<>();
        context.getSecondaryResourcesAsStream(Pod.class)
                .filter(pod -> members.contains(pod.getMetadata().getName()))
                .forEach(pod -> pods.put(pod.getMetadata().getName(), PodObservation.of(pod)));
        Map<String, AgentReply> ofMembers = new HashMap<>(replies);
        ofMembers.keySet().retainAll(pods.keySet());
        return new ClusterObservation(model.members(), pods, ofMembers);
    }

    /** The highest number of a configuration that can be seen anywhere; 0: none. */
    long highestGeneration(ClusterModel model, ClusterObservation seen, Context<RingRiftCluster> context) {
        long stored = objects.live(context, ConfigMap.class, model.runtimeConfigMap())
                .map(RuntimeDocuments::highestGeneration)
                .orElse(0L);
        return Math.max(stored, seen.highestGeneration());
    }

    /** The pods beside the template that they should be made from. */
    RollView roll(ClusterModel model, ClusterObservation seen, Decision decision, Context<RingRiftCluster> context) {
        return RollView.of(
                model,
                objects.live(context, StatefulSet.class, model.name())
                        .filter(workload -> model.spec().workloadRef() == null),
                context.getSecondaryResourcesAsStream(Pod.class),
                seen,
                decision.assignment().decidingStage(),
                PodRolls.held(decision.phase()));
    }

    /** Where the agents are; nowhere while they speak TLS and there is no authority to trust. */
    static List<AgentEndpoint> endpoints(ClusterModel model, ClusterObservation seen, ClusterSecrets secrets) {
        if (model.spec().security().tls() && secrets.authorityCertificate().isEmpty()) {
            return List.of();
        }
        int port = model.spec().ports().http();
        return seen.pods().values().stream()
                .filter(pod -> !pod.leaving())
                .flatMap(pod ->
                        pod.address().stream().map(address -> new AgentEndpoint(pod.name(), pod.uid(), address, port)))
                .toList();
    }
}
