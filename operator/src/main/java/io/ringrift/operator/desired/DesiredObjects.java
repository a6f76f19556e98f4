package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.ArrayList;
import java.util.List;

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
        if (model.spec().security().networkPolicy()) {
            wanted.add(DesiredNetworkPolicy.of(model));
        } else {
            unwanted.add(new NetworkPolicyBuilder()
                    .withNewMetadata()
                    .withNamespace(model.namespace())
                    .withName(model.name())
                    .endMetadata()
                    .build());
        }
        DesiredPodDisruptionBudget.of(model, stage)
                .ifPresentOrElse(
                        wanted::add,
                        () -> unwanted.add(new PodDisruptionBudgetBuilder()
                                .withNewMetadata()
                                .withNamespace(model.namespace())
                                .withName(model.name())
                                .endMetadata()
                                .build()));
        if (model.spec().workloadRef() == null) {
            wanted.add(DesiredStatefulSet.of(model));
        }
        if (podMonitors) {
            wanted.add(DesiredPodMonitor.of(model));
        }
        return new DesiredObjects(wanted, unwanted);
    }
}
