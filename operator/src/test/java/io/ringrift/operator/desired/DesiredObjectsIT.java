package io.ringrift.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.SSABasedGenericKubernetesResourceMatcher;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.kube.KubeApi;
import io.ringrift.operator.kube.SharedKubeApi;
import io.ringrift.operator.pki.GossipRing;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the builders make, on the real API server: it takes it, and it stores it as it was said. */
@ExtendWith(SharedKubeApi.class)
class DesiredObjectsIT {

    private static final String MANAGER = "ringrift-operator";

    /** What the operator SDK decides with whether an object has to be applied again. */
    private static final SSABasedGenericKubernetesResourceMatcher<HasMetadata> SDK_MATCHER =
            SSABasedGenericKubernetesResourceMatcher.getInstance();

    private static final Context<?> SDK_CONTEXT = sdkContext();

    private static KubernetesClient client;
    private static String namespace;

    @BeforeAll
    static void prepare(KubeApi api) {
        client = api.client();
        namespace = api.newNamespace();
    }

    static List<Path> samples() throws Exception {
        return DesiredObjectsTest.samples();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleIsTakenWithoutAnUnknownField(Path sample) throws Exception {
        var resource = Serialization.unmarshal(Files.readString(sample), GenericKubernetesResource.class);
        String path = "/apis/ringrift.io/v1alpha1/namespaces/" + namespace
                + "/ringriftclusters?fieldValidation=Strict&dryRun=All";

        assertThat(client.raw(path, "POST", Serialization.asJson(resource))).contains("RingRiftCluster");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void theObjectsOfEverySampleAreStoredAsTheyWereSaidAndASecondApplyChangesNothing(Path sample) throws Exception {
        assertStable(stored(Files.readString(sample)));
    }

    @Test
    void soAreThoseOfATemplateThatLeavesMuchToTheApiServer() {
        assertStable(stored("""
                apiVersion: ringrift.io/v1alpha1
                kind: RingRiftCluster
                metadata: {name: sparse}
                spec:
                  stage: 0
                  storage: {size: 1.5Gi, storageClassName: fast}
                  agent: {resources: {requests: {cpu: "0.5", memory: 0.25Gi}, limits: {memory: "1e9"}}}
                  template:
                    spec:
                      containers:
                        - name: work
                          image: work
                          ports: [{containerPort: 9000}, {containerPort: 9000, protocol: UDP}]
                          env:
                            - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                            - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
                            - {name: EMPTY, value: ""}
                          resources: {requests: {cpu: 1000m, memory: 1024Mi}, limits: {cpu: "1.5", memory: 1500M}}
                          readinessProbe: {tcpSocket: {port: 9000}}
                          volumeMounts: [{name: token, mountPath: /token}, {name: info, mountPath: /info}]
                      tolerations: [{operator: Exists}]
                      volumes:
                        - {name: token, projected: {sources: [{serviceAccountToken: {path: token}}]}}
                        - {name: info, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
                        - {name: cache, emptyDir: {sizeLimit: 1024Mi}}
                        - {name: disk, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1024Mi}}}}}}
                """));
    }

    private static RingRiftCluster stored(String yaml) {
        var resource = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
        resource.getMetadata().setNamespace(namespace);
        client.resource(resource).fieldManager("user").serverSideApply();
        return client.resources(RingRiftCluster.class)
                .inNamespace(namespace)
                .withName(resource.getMetadata().getName())
                .get();
    }

    private static void assertStable(RingRiftCluster cluster) {
        ClusterModel model = ClusterModel.of(cluster, Clusters.IMAGE);
        var secrets = ClusterSecrets.decide(
                model, Map.of(), GossipRing.Occasion.NONE, new KnownCertificates(), Instant.now(), new SecureRandom());
        var runtime = RuntimeDocuments.of(
                new RuntimeConfig(1, RuntimeConfig.keysAt(model, model.spec().modesAt(0), model.voters())));
        List<HasMetadata> wanted =
                DesiredObjects.of(model, 0, runtime, secrets, false).wanted();
        List<HasMetadata> first = wanted.stream().map(DesiredObjectsIT::apply).toList();
        List<HasMetadata> second = wanted.stream().map(DesiredObjectsIT::apply).toList();

        for (int i = 0; i < wanted.size(); i++) {
            String what =
                    wanted.get(i).getKind() + " " + wanted.get(i).getMetadata().getName();
            assertThat(second.get(i).getMetadata().getResourceVersion())
                    .as("%s is not written twice", what)
                    .isEqualTo(first.get(i).getMetadata().getResourceVersion());
            assertThat(SDK_MATCHER.matches(second.get(i), wanted.get(i), SDK_CONTEXT))
                    .as("%s as it is stored is taken for what is desired", what)
                    .isTrue();
        }
    }

    private static HasMetadata apply(HasMetadata object) {
        return client.resource(object).fieldManager(MANAGER).forceConflicts().serverSideApply();
    }

    /** All that the matcher asks of its surroundings: the field manager and a client. */
    private static Context<?> sdkContext() {
        var configuration = answering(ControllerConfiguration.class, Map.of("fieldManager", () -> MANAGER));
        return answering(
                Context.class, Map.of("getControllerConfiguration", () -> configuration, "getClient", () -> client));
    }

    private static <T> T answering(Class<T> type, Map<String, Supplier<Object>> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName()).get()));
    }
}
