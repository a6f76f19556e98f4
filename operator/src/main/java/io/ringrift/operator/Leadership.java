package io.ringrift.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectorBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.utils.Utils;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * Of several operators one works. One whose lease another has taken ends at once, in the middle of whatever it does. One that
 * could not renew its lease goes on until it hears that another has it: while the API server is away nobody can take it, and a
 * process that ended each time would wait out the kubelet's growing delays. Two that work for a moment do no harm: a decision
 * is recorded only over the version that it was made from, and what is not recorded reaches no agent. One that is told to end
 * ends in peace and gives the lease back, so that the next need not wait until it has run out: an upgrade is a matter of a
 * second.
 */
@Singleton
final class Leadership {
    private static final System.Logger LOG = System.getLogger(Leadership.class.getName());

    /** A new leader works at the latest so long after the old one died. */
    private static final Duration LEASE = Duration.ofSeconds(15);

    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final KubernetesClient client;
    private final OperatorConfig config;
    private final String identity;
    private boolean ending;
    private Future<?> regaining = CompletableFuture.completedFuture(null);

    Leadership(KubernetesClient client, OperatorConfig config) {
        this.client = client;
        this.config = config;
        this.identity = config.podName().orElseGet(() -> UUID.randomUUID().toString());
    }

    /** Runs before the operator is stopped, which ends the election and calls back. */
    synchronized void onShutdown(@Observes @Priority(1) ShutdownEvent event) {
        ending = true;
        regaining.cancel(true);
    }

    /** Runs after the operator has stopped: nothing is under way any more. Where it fails the lease runs out by itself. */
    void afterShutdown(@Observes @Priority(10_000) ShutdownEvent event) {
        config.leaseName().ifPresent(name -> {
            try {
                release(name);
            } catch (KubernetesClientException e) {
                LOG.log(System.Logger.Level.WARNING, "The lease could not be given back: {0}", e.getMessage());
            }
        });
    }

    private void release(String name) {
        Lease lease = client.leases().inNamespace(namespace()).withName(name).get();
        if (lease == null || !identity.equals(lease.getSpec().getHolderIdentity())) {
            return;
        }
        // With its version: a lease that somebody else has taken meanwhile stays theirs.
        String patch = "{\"metadata\":{\"resourceVersion\":\""
                + lease.getMetadata().getResourceVersion() + "\"},\"spec\":{\"holderIdentity\":\"\"}}";
        client.leases().inNamespace(namespace()).withName(name).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private String namespace() {
        return config.leaseNamespace().orElse(client.getNamespace());
    }

    /** None where no lease is named: then this operator works alone. */
    @Produces
    @Dependent
    LeaderElectionConfiguration configuration() {
        return config.leaseName()
                .map(name -> new LeaderElectionConfiguration(
                        name,
                        config.leaseNamespace().orElse(null),
                        LEASE,
                        RENEW_DEADLINE,
                        RETRY,
                        identity,
                        new LeaderCallbacks(() -> {}, () -> notRenewed(name), holder -> {}),
                        false))
                .orElse(null);
    }

    /** An elector serves once: another one takes the lease again, or finds who has taken it. */
    private synchronized void notRenewed(String name) {
        if (ending) {
            return;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "The lease {0} was not renewed within {1} s. This operator goes on unless another has taken it.",
                name,
                RENEW_DEADLINE.toSeconds());
        regaining = new LeaderElectorBuilder(client, Thread::startVirtualThread)
                .withConfig(new LeaderElectionConfig(
                        new LeaseLock(namespace(), name, identity),
                        LEASE,
                        RENEW_DEADLINE,
                        RETRY,
                        new LeaderCallbacks(() -> regained(name), () -> notRenewed(name), this::taken),
                        false,
                        name))
                .build()
                .start();
    }

    private void regained(String name) {
        LOG.log(System.Logger.Level.INFO, "The lease {0} is renewed again.", name);
    }

    /** An ordinary exit would wait for the reconciliations that must not go on, and at shutdown for itself. */
    private void taken(String holder) {
        if (!identity.equals(holder) && !Utils.isNullOrEmpty(holder)) {
            LOG.log(System.Logger.Level.ERROR, "Another operator, {0}, has taken the lease: this one ends.", holder);
            Runtime.getRuntime().halt(1);
        }
    }
}
