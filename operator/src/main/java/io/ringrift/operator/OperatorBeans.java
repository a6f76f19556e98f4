package io.ringrift.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.ringrift.operator.observe.AgentSync;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;

/** Joins the parts. */
final class OperatorBeans {
    /** A new leader works at the latest so long after the old one died. */
    private static final Duration LEASE = Duration.ofSeconds(15);

    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);

    @Produces
    @Singleton
    AgentSync agentSync(Vertx vertx, OperatorConfig config) {
        return new AgentSync(vertx, config.observeInterval());
    }

    @Produces
    @Singleton
    ReconcilerParts parts(KubernetesClient client, AgentSync agents, OperatorConfig config) {
        return new ReconcilerParts(client, agents, config.agentImage(), InstantSource.system());
    }

    /** Without names of resources: their number would grow with the clusters. */
    @Produces
    @Singleton
    Metrics metrics(MeterRegistry registry) {
        return MicrometerMetrics.withoutPerResourceMetrics(registry);
    }

    /** None where no lease is named. */
    @Produces
    @Dependent
    LeaderElectionConfiguration leaderElection(OperatorConfig config) {
        return config.leaseName()
                .map(name -> new LeaderElectionConfiguration(
                        name,
                        config.leaseNamespace().orElse(null),
                        LEASE,
                        RENEW_DEADLINE,
                        RETRY,
                        config.podName().orElse(null),
                        null,
                        true))
                .orElse(null);
    }
}
