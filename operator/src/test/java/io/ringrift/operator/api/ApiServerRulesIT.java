package io.ringrift.operator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ringrift.operator.kube.KubeApi;
import io.ringrift.operator.kube.SharedKubeApi;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule of the CRD, on the real API server: an object it takes and an object it refuses, with the sentence it says. */
@ExtendWith(SharedKubeApi.class)
class ApiServerRulesIT {
    private static KubernetesClient client;
    private static String namespace;

    @BeforeAll
    static void prepare(KubeApi api) {
        client = api.client();
        namespace = api.newNamespace();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.ringrift.operator.api.RulesCorpus#good")
    void takes(RulesCorpus.Good example) {
        assertThatCode(() -> create(example.name(), example.spec())).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.ringrift.operator.api.RulesCorpus#bad")
    void refuses(RulesCorpus.Bad example) {
        assertThatThrownBy(() -> create(example.name(), example.spec()))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(example.sentence());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.ringrift.operator.api.RulesCorpus#goodEdits")
    void takesEdit(RulesCorpus.GoodEdit example) {
        String name = create("demo", example.spec());
        assertThatCode(() -> edit(name, example.patch())).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.ringrift.operator.api.RulesCorpus#badEdits")
    void refusesEdit(RulesCorpus.BadEdit example) {
        String name = create("demo", example.spec());
        assertThatThrownBy(() -> edit(name, example.patch()))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(example.sentence());
    }

    @Test
    void refusesScalingBelowTheVoters() {
        String name = create("demo", "{stage: 0, replicas: 5, consensus: {voters: 3}}");
        assertThatThrownBy(() -> resource(name).scale(2))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("voters must be at most replicas");
        assertThat(resource(name).scale(7).<Object>get("spec", "replicas")).isEqualTo(7);
    }

    @Test
    void showsTheDefaults() {
        String name = create("demo", "{stage: 0}");
        RingRiftClusterSpec spec = client.resources(RingRiftCluster.class)
                .inNamespace(namespace)
                .withName(name)
                .get()
                .getSpec();
        assertThat(spec)
                .isEqualTo(new RingRiftClusterSpec(0, null, null, null, null, null, null, null, null, null, null));
        Object replicas = resource(name).get().get("spec", "replicas");
        Object soak = resource(name).get().get("spec", "rollout", "soak");
        assertThat(replicas).isEqualTo(3);
        assertThat(soak).isEqualTo("24h");
    }

    @Test
    void refusesFieldsThatDoNotExistWhereTheClientAsksForIt() {
        String body =
                "{\"apiVersion\":\"ringrift.io/v1alpha1\",\"kind\":\"RingRiftCluster\",\"metadata\":{\"name\":\"typo\"},"
                        + "\"spec\":{\"stage\":0,\"template\":{\"spec\":{\"containers\":[{\"name\":\"a\",\"imagee\":\"b\"}]}}}}";
        String path = "/apis/ringrift.io/v1alpha1/namespaces/" + namespace + "/ringriftclusters?fieldValidation=Strict";
        assertThatThrownBy(() -> client.raw(path, "POST", body))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("unknown field \"spec.template.spec.containers[0].imagee\"");
    }

    /** Names are made unique, but those that are the point of the example. */
    private static String create(String name, String spec) {
        String unique =
                name.equals("demo") ? "demo" + UUID.randomUUID().toString().substring(0, 6) : name;
        String yaml = "apiVersion: ringrift.io/v1alpha1\nkind: RingRiftCluster\nmetadata: {name: \"" + unique
                + "\"}\nspec: " + spec.replace("demo-", unique + "-");
        client.genericKubernetesResources(TYPE)
                .inNamespace(namespace)
                .resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .create();
        return unique;
    }

    private static void edit(String name, String patch) {
        resource(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        Serialization.asJson(Serialization.unmarshal("spec: " + patch, Object.class)));
    }

    private static io.fabric8.kubernetes.client.dsl.Resource<GenericKubernetesResource> resource(String name) {
        return client.genericKubernetesResources(TYPE).inNamespace(namespace).withName(name);
    }

    private static final ResourceDefinitionContext TYPE = new ResourceDefinitionContext.Builder()
            .withGroup("ringrift.io")
            .withVersion("v1alpha1")
            .withKind("RingRiftCluster")
            .withPlural("ringriftclusters")
            .withNamespaced(true)
            .build();
}
