package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that should and should not exist for one cluster.
 *
 * @param wanted objects to apply, in this order: what a pod needs comes before the pods
 * @param unwanted objects that this cluster may have had under other settings; only kind, namespace and name are set.
 *     Delete them if they carry the cluster's label. Secrets are never among them: what is in them cannot be made again.
 */
public record DesiredObjects(List<HasMetadata> wanted, List<HasMetadata> unwanted) {

    public DesiredObjects {
        wanted = List.copyOf(wanted);
        unwanted = List.copyOf(unwanted);
    }

    /**
     * @param stage where the cluster is; what the disruption budget protects depends on it
     * @param runtime the configuration to hand out
     * @param secrets decided from the stored ones
     * @param podMonitors whether the API server knows {@code monitoring.coreos.com/v1} PodMonitors
     */
    public static DesiredObjects of(
            ClusterModel model, int stage, RuntimeDocuments runtime, ClusterSecrets secrets, boolean podMonitors) {
        var wanted = new ArrayList<HasMetadata>(secrets.secrets(model));
        var unwanted = new ArrayList<HasMetadata>();
        wanted.add(runtime.configMap(model));
        wanted.addAll(DesiredServices.of(model));
        // A policy or a budget over pods of somebody else would open what their owner has closed, or forbid every
        // eviction
        // where the owner has a budget too.
        boolean ours = model.spec().workloadRef() == null;
        if (ours && model.spec().security().networkPolicy()) {
            wanted.add(DesiredNetworkPolicy.of(model));
        } else {
            unwanted.add(new NetworkPolicyBuilder()
                    .withNewMetadata()
                    .withNamespace(model.namespace())
                    .withName(model.name())
                    .endMetadata()
                    .build());
        }
        Optional.of(stage)
                .filter(at -> ours)
                .flatMap(at -> DesiredPodDisruptionBudget.of(model, at))
                .ifPresentOrElse(
                        wanted::add,
                        () -> unwanted.add(new PodDisruptionBudgetBuilder()
                                .withNewMetadata()
                                .withNamespace(model.namespace())
                                .withName(model.name())
                                .endMetadata()
                                .build()));
        if (ours) {
            wanted.add(DesiredStatefulSet.of(model));
        }
        if (podMonitors) {
            wanted.add(DesiredPodMonitor.of(model));
        }
        return new DesiredObjects(wanted, unwanted);
    }
}
