package io.ringrift.operator;

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
 * already. One that is told to end ends in peace; its lease runs out.
 */
@Singleton
final class Leadership {
    private static final System.Logger LOG = System.getLogger(Leadership.class.getName());

    /** A new leader works at the latest so long after the old one died. */
    private static final Duration LEASE = Duration.ofSeconds(15);

    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private volatile boolean ending;

    /** Runs before the operator is stopped, which ends the election and calls back. */
    void onShutdown(@Observes @Priority(1) ShutdownEvent event) {
        ending = true;
    }

    /** None where no lease is named: then this operator works alone. */
    @Produces
    @Dependent
    LeaderElectionConfiguration configuration(OperatorConfig config) {
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
