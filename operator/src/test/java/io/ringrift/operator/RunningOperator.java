package io.ringrift.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.ringrift.operator.kube.KubeApi;
import io.ringrift.operator.observe.AgentSync;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;

/** The operator in this JVM: the reconciler as it is shipped, in front of a real API server. */
final class RunningOperator implements AutoCloseable {
    static final String AGENT_IMAGE = "ringrift/agent:test";

    private static final Duration OFTEN = Duration.ofMillis(200);

    private final Vertx vertx = Vertx.vertx();
    private final KubernetesClient client;
    private final Operator operator;

    private RunningOperator(KubeApi api, String agentImage, Duration period, String... namespaces) {
        this.client = api.newClient();
        this.operator = new Operator(
                configuration -> configuration.withKubernetesClient(client).checkingCRDAndValidateLocalModel(false));
        var agents = new AgentSync(vertx, period);
        var parts = new ReconcilerParts(client, agents, agentImage, InstantSource.system());
        operator.register(new RingRiftClusterReconciler(parts), override -> override.settingNamespaces(namespaces));
        operator.start();
    }

    static RunningOperator in(KubeApi api, String... namespaces) {
        return new RunningOperator(api, AGENT_IMAGE, OFTEN, namespaces);
    }

    /** One that looks at its agents so rarely that what it knows it was told. */
    static RunningOperator thatRarelyLooks(KubeApi api, String... namespaces) {
        return new RunningOperator(api, AGENT_IMAGE, Duration.ofMinutes(10), namespaces);
    }

    static RunningOperator withAgent(String image, KubeApi api, String... namespaces) {
        return new RunningOperator(api, image, OFTEN, namespaces);
    }

    @Override
    public void close() {
        operator.stop();
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
