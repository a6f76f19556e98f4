package io.ringrift.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.ringrift.operator.kube.KubeApi;
import java.net.HttpURLConnection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Resources that today's CRD would refuse but that are stored: under an older CRD, or because somebody has edited it. They
 * are told what is wrong with them, and the others never notice. The API server here has a CRD without a schema.
 */
class BadResourceIT {
    private static KubeApi api;
    private static KubernetesClient client;

    @BeforeAll
    static void start() {
        api = KubeApi.start();
        api.installCrd();
        client = api.client();
        // The API server itself writes its status to it meanwhile, which can come between reading and writing.
        await().ignoreExceptionsMatching(BadResourceIT::isConflict)
                .until(() -> client.apiextensions()
                                .v1()
                                .customResourceDefinitions()
                                .withName("ringriftclusters.ringrift.io")
                                .edit(BadResourceIT::withoutSchema)
                        != null);
        api.awaitServed();
    }

    private static boolean isConflict(Throwable failure) {
        return failure instanceof KubernetesClientException refused
                && refused.getCode() == HttpURLConnection.HTTP_CONFLICT;
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void disturbsNoOther() {
        String namespace = api.newNamespace();
        try (var unreadable = new TestCluster(client, namespace, "unreadable")
                        .create("{stage: 0, replicas: 1, membership: [none]}");
                var invalid = new TestCluster(client, namespace, "invalid").create("{stage: 7, replicas: 3}");
                var unknown = new TestCluster(client, namespace, "unknown")
                        .create("{stage: 0, replicas: 1, shape: round, membership: {mode: telepathy}}");
                var good = new TestCluster(client, namespace, "good").create("{stage: 0, replicas: 3}");
                var _ = RunningOperator.in(api, namespace)) {
            good.run(3);
            good.awaitCondition("Ready", "True");
            unknown.run(1);
            unknown.awaitCondition("Ready", "True");

            invalid.awaitCondition("SpecAccepted", "False");
            assertThat(invalid.condition("SpecAccepted").getMessage()).contains("spec.stage is 7");
            assertThat(invalid.workload().get()).isNull();

            unreadable.awaitCondition("SpecAccepted", "False");
            assertThat(unreadable.condition("SpecAccepted").getMessage()).contains("cannot be read");
            assertThat(unreadable.condition("Ready").getStatus()).isEqualTo("False");

            unreadable.edit("{membership: null}");
            unreadable.run(1);
            unreadable.awaitCondition("Ready", "True");
        }
    }

    private static CustomResourceDefinition withoutSchema(CustomResourceDefinition crd) {
        var anything = new JSONSchemaPropsBuilder()
                .withType("object")
                .withXKubernetesPreserveUnknownFields(true)
                .build();
        crd.getSpec().getVersions().forEach(version -> version.getSchema().setOpenAPIV3Schema(anything));
        return crd;
    }
}
