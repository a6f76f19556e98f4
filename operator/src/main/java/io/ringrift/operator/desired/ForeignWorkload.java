package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.ringrift.operator.api.RingRiftCluster;
import java.util.Map;
import java.util.Optional;

/**
 * A workload that somebody else owns and that gets the agent: whether it may have it, whether it has it, and what has to be applied to it
 * so that it has.
 *
 * <p>Only its owner decides: the annotation {@value #INVITATION} on the workload names the cluster. Who may make a RingRiftCluster may not
 * for that alone put a container into any workload of the namespace.
 */
public final class ForeignWorkload {
    /** On the workload, as an annotation: the name of the RingRiftCluster whose agent it is to get. */
    public static final String INVITATION = RingRiftCluster.GROUP + "/inject";

    private ForeignWorkload() {}

    /** How a workload and a cluster stand to each other. */
    public sealed interface State {
        /** Nothing can be applied, for that reason: one word and a sentence. */
        record NotPossible(String reason, String sentence) implements State {}

        /** Its owner has agreed. */
        record Invited(StatefulSet workload) implements State {}
    }

    /**
     * @param found the workload as it is stored; empty: there is none
     * @return empty: the resource refers to no workload
     */
    public static Optional<State> state(RingRiftCluster cluster, Optional<StatefulSet> found) {
        return Optional.ofNullable(cluster.getSpec().workloadRef()).map(reference -> judged(cluster, found));
    }

    private static State judged(RingRiftCluster cluster, Optional<StatefulSet> found) {
        String cause = cluster.getMetadata().getName();
        String name = cluster.getSpec().workloadRef().name();
        if (found.isEmpty()) {
            return new State.NotPossible("NotFound", "There is no StatefulSet " + name + " in this namespace.");
        }
        StatefulSet workload = found.get();
        if (workload.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getKind().equals("RingRiftCluster"))) {
            return new State.NotPossible(
                    "HasAgent", "StatefulSet " + name + " was made for a RingRiftCluster and has the agent already.");
        }
        if (!cause.equals(entries(workload.getMetadata().getAnnotations()).get(INVITATION))) {
            return new State.NotPossible(
                    "NotInvited",
                    "StatefulSet " + name + " does not ask for the agent of this resource. Whoever owns it agrees with:"
                            + " kubectl annotate statefulset " + name + " " + INVITATION + "=" + cause);
        }
        Integer first = workload.getSpec().getOrdinals() == null
                ? null
                : workload.getSpec().getOrdinals().getStart();
        if (first != null && first != 0) {
            return new State.NotPossible(
                    "OrdinalsNotFromZero",
                    "StatefulSet " + name + " has spec.ordinals.start " + first
                            + ": the agents' names need it to be 0.");
        }
        return new State.Invited(workload);
    }

    /**
     * The cluster with as many members as its workload has pods: how many there are is its owner's business. At least one, so that
     * it can be said what they will be.
     */
    public static RingRiftCluster sized(RingRiftCluster cluster, Optional<StatefulSet> found) {
        Integer replicas =
                found.map(workload -> workload.getSpec().getReplicas()).orElse(null);
        if (replicas == null) {
            return cluster;
        }
        var sized = new RingRiftCluster();
        sized.setMetadata(cluster.getMetadata());
        sized.setStatus(cluster.getStatus());
        sized.setSpec(cluster.getSpec().withReplicas(Math.max(1, replicas)));
        return sized;
    }

    /**
     * Whether the agent is in it as it is wanted. What its owner has changed of our fields since stays: it was meant.
     */
    public static boolean isApplied(ClusterModel model, StatefulSet workload) {
        PodTemplateSpec template = workload.getSpec().getTemplate();
        return hasAgentOf(model.name(), workload)
                && TemplateDigest.of(model).equals(annotations(template).get(Labels.TEMPLATE))
                && template.getSpec().getInitContainers().stream()
                        .map(Container::getName)
                        .anyMatch(AgentContainer.NAME::equals);
    }

    /** Whether that cluster's agent was applied to it. */
    public static boolean hasAgentOf(String cluster, StatefulSet workload) {
        ObjectMeta metadata = workload.getSpec().getTemplate().getMetadata();
        return metadata != null && cluster.equals(entries(metadata.getLabels()).get(Labels.CLUSTER));
    }

    /**
     * What has to be applied to a workload so that it has the agent: a sidecar, its volumes, a label on the workload, by which it is
     * watched, and on its pods. Nothing of the owner's own containers: an entry that names one would keep it from being renamed or removed.
     */
    public static StatefulSet withAgent(ClusterModel model, StatefulSet workload) {
        return new StatefulSetBuilder(without(workload))
                .editMetadata()
                .addToLabels(model.selector())
                .endMetadata()
                .withNewSpec()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels(model.selector())
                .addToAnnotations(Labels.TEMPLATE, TemplateDigest.of(model))
                .endMetadata()
                .withNewSpec()
                .withInitContainers(new ContainerBuilder(AgentContainer.of(model))
                        .withRestartPolicy("Always")
                        .build())
                .withVolumes(AgentVolumes.volumes(model))
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    /** What has to be applied by the same field manager to take it out again: nothing but the very workload's name. */
    public static StatefulSet without(StatefulSet workload) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withNamespace(workload.getMetadata().getNamespace())
                .withName(workload.getMetadata().getName())
                .withUid(workload.getMetadata().getUid())
                .endMetadata()
                .build();
    }

    private static Map<String, String> annotations(PodTemplateSpec template) {
        return entries(template.getMetadata().getAnnotations());
    }

    private static Map<String, String> entries(Map<String, String> entries) {
        return entries == null ? Map.of() : entries;
    }
}
