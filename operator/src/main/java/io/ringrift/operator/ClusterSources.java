package io.ringrift.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.apply.ClusterObjects;
import io.ringrift.operator.desired.Labels;
import io.ringrift.operator.observe.PodObservation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What wakes the reconciler beside the resource itself: objects that carry a cluster's label, and no others. */
final class ClusterSources {
    private static final String OURS = Labels.CLUSTER + "," + Labels.MANAGED_BY + "=" + Labels.OPERATOR;

    private ClusterSources() {}

    static List<EventSource<?, RingRiftCluster>> informers(EventSourceContext<RingRiftCluster> context) {
        List<EventSource<?, RingRiftCluster>> sources = new ArrayList<>();
        // A workload of somebody else that has the agent carries the label too, but is not managed by us.
        ClusterObjects.WATCHED.forEach(
                kind -> sources.add(informer(kind, kind == StatefulSet.class ? Labels.CLUSTER : OURS, context)));
        sources.add(pods(context));
        return sources;
    }

    private static <T extends HasMetadata> EventSource<T, RingRiftCluster> informer(
            Class<T> kind, String selector, EventSourceContext<RingRiftCluster> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(kind, RingRiftCluster.class)
                        .withLabelSelector(selector)
                        .withSecondaryToPrimaryMapper(ClusterSources::cluster)
                        .withNamespacesInheritedFromController()
                        .build(),
                context);
    }

    /** Of all that changes in a pod only that which we look at. */
    private static EventSource<Pod, RingRiftCluster> pods(EventSourceContext<RingRiftCluster> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Pod.class, RingRiftCluster.class)
                        .withLabelSelector(Labels.CLUSTER)
                        .withSecondaryToPrimaryMapper(ClusterSources::cluster)
                        .withOnUpdateFilter(
                                (now, before) -> !PodObservation.of(now).equals(PodObservation.of(before)))
                        .withNamespacesInheritedFromController()
                        .build(),
                context);
    }

    private static Set<ResourceID> cluster(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        String name = labels == null ? null : labels.get(Labels.CLUSTER);
        return name == null
                ? Set.of()
                : Set.of(new ResourceID(name, object.getMetadata().getNamespace()));
    }
}
