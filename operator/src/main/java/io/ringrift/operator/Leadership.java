package io.ringrift.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Of several operators one works. One that loses the lease ends at once, in the middle of whatever it does: another works
 * already. One that is told to end ends in peace and gives the lease back, so that the next need not wait until it has run
 * out: an upgrade is a matter of a second.
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
    private volatile boolean ending;

    Leadership(KubernetesClient client, OperatorConfig config) {
        this.client = client;
        this.config = config;
    }

    /** Runs before the operator is stopped, which ends the election and calls back. */
    void onShutdown(@Observes @Priority(1) ShutdownEvent event) {
        ending = true;
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
        String namespace = config.leaseNamespace().orElse(client.getNamespace());
        Lease lease = client.leases().inNamespace(namespace).withName(name).get();
        String holder = lease == null ? null : lease.getSpec().getHolderIdentity();
        if (holder == null || !config.podName().map(holder::equals).orElse(false)) {
            return;
        }
        // With its version: a lease that somebody else has taken meanwhile stays theirs.
        String patch = "{\"metadata\":{\"resourceVersion\":\""
                + lease.getMetadata().getResourceVersion() + "\"},\"spec\":{\"holderIdentity\":\"\"}}";
        client.leases().inNamespace(namespace).withName(name).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
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
                        config.podName().orElse(null),
                        new LeaderCallbacks(() -> {}, this::lost, leader -> {}),
                        false))
                .orElse(null);
    }

    /** An ordinary exit would wait for the reconciliations that must not go on, and at shutdown for itself. */
    private void lost() {
        if (!ending) {
            LOG.log(System.Logger.Level.ERROR, "The lease is lost, another operator works: this one ends.");
            Runtime.getRuntime().halt(1);
        }
    }
}
