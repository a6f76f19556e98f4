package io.ringrift.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.ringrift.operator.observe.AgentSync;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.ZoneOffset;

/** Joins the parts. */
final class OperatorBeans {
    @Produces
    @Singleton
    AgentSync agentSync(Vertx vertx, OperatorConfig config) {
        return new AgentSync(vertx, config.observeInterval());
    }

    @Produces
    @Singleton
    ReconcilerParts parts(KubernetesClient client, AgentSync agents, OperatorConfig config) {
        // Times are read by people in the status: milliseconds are enough.
        return new ReconcilerParts(client, agents, config.agentImage(), Clock.tickMillis(ZoneOffset.UTC));
    }

    /** Without names of resources: their number would grow with the clusters. */
    @Produces
    @Singleton
    Metrics metrics(MeterRegistry registry) {
        return MicrometerMetrics.withoutPerResourceMetrics(registry);
    }
}
