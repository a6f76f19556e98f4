package io.ringrift.operator.apply;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.desired.ClusterModel;
import io.ringrift.operator.desired.DesiredObjects;
import io.ringrift.operator.desired.Labels;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The objects of one cluster on the API server. May be called from any thread. */
public final class ClusterObjects {
    /** Kinds whose objects are watched; the others are read one by one when they are needed, secrets above all. */
    public static final List<Class<? extends HasMetadata>> WATCHED =
            List.of(StatefulSet.class, Service.class, ConfigMap.class, PodDisruptionBudget.class, NetworkPolicy.class);

    /** The API server says so where a workload cannot be as it is wanted: malformed, forbidden by policy, invalid. */
    private static final Set<Integer> REFUSALS = Set.of(400, 403, 422);

    /** What was refused may be taken later, when a policy has changed: it is tried again so often. */
    private static final Duration TRY_AGAIN = Duration.ofMinutes(5);

    private static final int MOST_REMEMBERED = 500;

    private final KubernetesClient client;
    private final ObjectApplier applier;
    private final InstantSource clock;
    private final Map<String, Refused> refused = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Refused> eldest) {
            return size() > MOST_REMEMBERED;
        }
    });

    public ClusterObjects(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.applier = new ObjectApplier(client);
        this.clock = clock;
    }

    /**
     * Begins to read the cluster's Secrets, all at once. The supplier waits for those that exist, by name.
     *
     * @throws KubernetesClientException from the supplier, if one cannot be read
     */
    public Supplier<Map<String, Secret>> secrets(ClusterModel model) {
        List<CompletableFuture<Optional<Secret>>> reading = Stream.of(
                        model.credentialSecret(), model.gossipSecret(), model.authoritySecret(), model.tlsSecret())
                .map(name -> CompletableFuture.supplyAsync(() -> secret(model, name), Thread::startVirtualThread))
                .toList();
        return () -> reading.stream()
                .flatMap(secret -> read(secret).stream())
                .collect(Collectors.toMap(secret -> secret.getMetadata().getName(), secret -> secret));
    }

    private Optional<Secret> secret(ClusterModel model, String name) {
        return Optional.ofNullable(
                client.secrets().inNamespace(model.namespace()).withName(name).get());
    }

    private static Optional<Secret> read(CompletableFuture<Optional<Secret>> reading) {
        try {
            return reading.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof KubernetesClientException refused ? refused : e;
        }
    }

    /** One of the cluster's watched objects as it was seen last. */
    public <T extends HasMetadata> Optional<T> live(Context<RingRiftCluster> context, Class<T> kind, String name) {
        return context.getSecondaryResourcesAsStream(kind)
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst();
    }

    /**
     * Makes everything as it is wanted.
     *
     * @return the API server's words if it refused the workload; then the workload stays as it is
     * @throws KubernetesClientException if it refused anything else
     */
    public Optional<String> apply(
            ClusterModel model, DesiredObjects desired, Map<String, Secret> secrets, Context<RingRiftCluster> context) {
        Optional<String> refusal = Optional.empty();
        for (HasMetadata wanted : desired.wanted()) {
            if (wanted instanceof StatefulSet workload) {
                refusal = applyWorkload(model, workload, context);
            } else {
                apply(wanted, secrets, context);
            }
        }
        desired.unwanted().forEach(unwanted -> deleteOurs(unwanted, model, context));
        return refusal;
    }

    private Optional<String> applyWorkload(ClusterModel model, StatefulSet wanted, Context<RingRiftCluster> context) {
        Refused known = refused.get(model.uid());
        if (known != null && known.workload().equals(wanted) && clock.instant().isBefore(known.until())) {
            return Optional.of(known.words());
        }
        try {
            apply(wanted, Map.of(), context);
            refused.remove(model.uid());
            return Optional.empty();
        } catch (KubernetesClientException e) {
            if (!REFUSALS.contains(e.getCode())) {
                throw e;
            }
            String words =
                    e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
            refused.put(model.uid(), new Refused(wanted, words, clock.instant().plus(TRY_AGAIN)));
            return Optional.of(words);
        }
    }

    private <T extends HasMetadata> void apply(
            T wanted, Map<String, Secret> secrets, Context<RingRiftCluster> context) {
        Optional<T> live = find(wanted, secrets, context);
        applier.apply(wanted, live).ifPresent(now -> remember(now, live, context));
    }

    @SuppressWarnings("unchecked")
    private <T extends HasMetadata> Optional<T> find(
            T wanted, Map<String, Secret> secrets, Context<RingRiftCluster> context) {
        String name = wanted.getMetadata().getName();
        if (wanted instanceof Secret) {
            return Optional.ofNullable((T) secrets.get(name));
        }
        if (WATCHED.contains(wanted.getClass())) {
            return live(context, (Class<T>) wanted.getClass(), name);
        }
        return Optional.ofNullable(client.resource(wanted).get());
    }

    /** So that the next reconciliation sees what this one has done, even before the watch tells of it. */
    @SuppressWarnings("unchecked")
    private static <T extends HasMetadata> void remember(T now, Optional<T> before, Context<RingRiftCluster> context) {
        if (!WATCHED.contains(now.getClass())) {
            return;
        }
        var source = (InformerEventSource<T, RingRiftCluster>)
                context.eventSourceRetriever().getEventSourceFor((Class<T>) now.getClass());
        ResourceID id = ResourceID.fromResource(now);
        before.ifPresentOrElse(
                previous -> source.handleRecentResourceUpdate(id, now, previous),
                () -> source.handleRecentResourceCreate(id, now));
    }

    /** What others have made under that name stays. */
    private void deleteOurs(HasMetadata unwanted, ClusterModel model, Context<RingRiftCluster> context) {
        live(context, unwanted.getClass(), unwanted.getMetadata().getName())
                .filter(object ->
                        model.name().equals(object.getMetadata().getLabels().get(Labels.CLUSTER)))
                .ifPresent(object -> client.resource(object).delete());
    }

    private record Refused(StatefulSet workload, String words, Instant until) {}
}
