package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;

/** The pods of a cluster. */
final class DesiredStatefulSet {

    private DesiredStatefulSet() {}

    static StatefulSet of(ClusterModel model) {
        var set = new StatefulSetBuilder()
                .withMetadata(model.metadata(model.name()))
                .withNewSpec()
                .withReplicas(model.members().size())
                .withServiceName(model.peersService())
                // Members need each other to become ready; one after the other would take as long as all of them.
                .withPodManagementPolicy("Parallel")
                .withNewSelector()
                .withMatchLabels(model.selector())
                .endSelector()
                // The operator replaces pods itself when the template changes (package roll): leader last, majority
                // kept.
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                // Volumes hold what Raft acknowledged. They outlive a cluster that is scaled down or deleted.
                .withNewPersistentVolumeClaimRetentionPolicy("Retain", "Retain")
                .withTemplate(PodTemplate.of(model))
                .endSpec()
                .build();
        AgentVolumes.claim(model)
                .ifPresent(claim -> set.getSpec().getVolumeClaimTemplates().add(claim));
        return set;
    }
}
