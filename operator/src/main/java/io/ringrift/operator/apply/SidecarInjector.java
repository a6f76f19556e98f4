package io.ringrift.operator.apply;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.desired.ClusterModel;
import io.ringrift.operator.desired.ForeignWorkload;
import io.ringrift.operator.desired.ForeignWorkload.State;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the agent into workloads that somebody else owns, and takes it out again, by server-side apply under a field manager that does
 * nothing else: the API server itself knows what is ours. May be called from any thread.
 */
public final class SidecarInjector {
    /** Owns what was put into workloads of others, and the finalizer. */
    static final String FIELD_MANAGER = "ringrift-injector";

    /** Keeps a resource until its agent is out of the workload: the volumes that the sidecar mounts go with the resource. */
    static final String FINALIZER = RingRiftCluster.GROUP + "/workload";

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private static final Set<Integer> REFUSALS = Set.of(400, 403, 422);

    private final KubernetesClient client;
    private final PatchContext apply;

    /** @param client with the rights to get and patch StatefulSets and to patch RingRiftClusters */
    public SidecarInjector(KubernetesClient client) {
        this.client = client;
        this.apply = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(FIELD_MANAGER)
                .withForce(true)
                .build();
    }

    /** The workload that the resource names, as it is stored; empty where it names none, or there is none. */
    public Optional<StatefulSet> workload(RingRiftCluster cluster) {
        return cluster.getSpec() == null || cluster.getSpec().workloadRef() == null
                ? Optional.empty()
                : Optional.ofNullable(client.apps()
                        .statefulSets()
                        .inNamespace(cluster.getMetadata().getNamespace())
                        .withName(cluster.getSpec().workloadRef().name())
                        .get());
    }

    /**
     * Before the agent goes in: from now on the resource is kept when it is deleted, until {@link #release}.
     *
     * @return whether the resource had to be changed for that, so that another version of it is on the way
     */
    public boolean keep(RingRiftCluster cluster, Optional<State> workload) {
        boolean needed = workload.filter(State.Invited.class::isInstance).isPresent() && !isKept(cluster);
        if (needed) {
            finalizers(cluster, List.of(FINALIZER));
        }
        return needed;
    }

    /** Takes the agent out of the workload and lets the resource go. */
    public void release(RingRiftCluster cluster) {
        if (isKept(cluster)) {
            workload(cluster).ifPresent(found -> takeOut(cluster, found));
            finalizers(cluster, List.of());
        }
    }

    /** When to look at a workload again that is not watched because it has no agent yet. */
    public static Optional<Duration> recheck(Optional<State> workload) {
        return workload.filter(State.NotPossible.class::isInstance).map(state -> LOOK_AGAIN);
    }

    /** Whether the resource stays, when it is deleted, until {@link #release}. */
    public static boolean isKept(RingRiftCluster cluster) {
        return cluster.getMetadata().getFinalizers().contains(FINALIZER);
    }

    /**
     * Puts the agent in where the owner has agreed, and takes it out where that no longer holds.
     *
     * @return the API server's words if it refused
     */
    public Optional<String> reconcile(ClusterModel model, RingRiftCluster cluster, Optional<State> state) {
        return state.flatMap(known -> reconcile(model, cluster, known));
    }

    private Optional<String> reconcile(ClusterModel model, RingRiftCluster cluster, State state) {
        return switch (state) {
            case State.NotPossible notPossible -> {
                workload(cluster).ifPresent(found -> takeOut(cluster, found));
                yield Optional.empty();
            }
            case State.Invited(StatefulSet workload) ->
                ForeignWorkload.isApplied(model, workload)
                        ? Optional.empty()
                        : patch(ForeignWorkload.withAgent(model, workload));
        };
    }

    private void takeOut(RingRiftCluster cluster, StatefulSet workload) {
        if (ForeignWorkload.hasAgentOf(cluster.getMetadata().getName(), workload)) {
            patch(ForeignWorkload.without(workload)).ifPresent(words -> {
                throw new IllegalStateException("the agent could not be taken out of StatefulSet "
                        + workload.getMetadata().getName() + ": " + words);
            });
        }
    }

    private Optional<String> patch(StatefulSet wanted) {
        try {
            client.resource(wanted).patch(apply, wanted);
            return Optional.empty();
        } catch (KubernetesClientException e) {
            if (!REFUSALS.contains(e.getCode())) {
                throw e;
            }
            return Optional.of(
                    e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage());
        }
    }

    private void finalizers(RingRiftCluster cluster, List<String> finalizers) {
        var request = new RingRiftCluster();
        request.setMetadata(new ObjectMetaBuilder()
                .withNamespace(cluster.getMetadata().getNamespace())
                .withName(cluster.getMetadata().getName())
                .withUid(cluster.getMetadata().getUid())
                .withFinalizers(finalizers)
                .build());
        try {
            client.resource(request).patch(apply, request);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }
}
