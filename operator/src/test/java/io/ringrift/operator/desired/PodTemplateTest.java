package io.ringrift.operator.desired;

import static io.ringrift.operator.desired.Clusters.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PodTemplateTest {

    private static final String WORKLOAD = """
            stage: 0
            template:
              metadata:
                labels: {app.kubernetes.io/name: trainer, team: red, ringrift.io/role: leader}
                annotations: {note: keep, ringrift.io/rollout: pause}
              spec:
                initContainers: [{name: fetch, image: fetch}]
                containers:
                  - name: trainer
                    image: trainer
                    env: [{name: MY_URL, value: "$(RINGRIFT_URL)/leader"}]
                    ports: [{containerPort: 9000}]
                  - name: other
                    image: other
                    env: [{name: RINGRIFT_URL, value: "http://elsewhere"}]
                volumes: [{name: scratch, emptyDir: {}}]
            """;

    @Test
    void withAWorkloadTheAgentIsTheFirstInitContainerAndLivesAsLongAsThePod() {
        PodSpec pod = pod(WORKLOAD);

        assertThat(names(pod.getInitContainers())).containsExactly("ringrift-agent", "fetch");
        assertThat(pod.getInitContainers().getFirst().getRestartPolicy()).isEqualTo("Always");
        assertThat(names(pod.getContainers())).containsExactly("trainer", "other");
    }

    @Test
    void withoutAWorkloadTheAgentIsTheContainer() {
        for (String spec :
                List.of("", "{stage: 0, template: {}}", "{stage: 0, template: {spec: {nodeSelector: {a: b}}}}")) {
            PodSpec pod = pod(spec);

            assertThat(names(pod.getContainers())).as(spec).containsExactly("ringrift-agent");
            assertThat(pod.getContainers().getFirst().getRestartPolicy()).isNull();
            assertThat(pod.getInitContainers()).isEmpty();
        }
    }

    @Test
    void theUsersLabelsStayAndOursWin() {
        PodTemplateSpec template = PodTemplate.of(model(WORKLOAD));

        assertThat(template.getMetadata().getLabels())
                .containsEntry("team", "red")
                .containsEntry("app.kubernetes.io/name", "trainer")
                .containsEntry("app.kubernetes.io/instance", "demo")
                .containsEntry("ringrift.io/cluster", "demo")
                .doesNotContainKey("ringrift.io/role");
        assertThat(template.getMetadata().getAnnotations())
                .containsOnlyKeys("note", "ringrift.io/template")
                .containsEntry("note", "keep");
    }

    @Test
    void whatAUserSaysAboutAPodIsInItsDigestAndNothingElse() {
        String digest = TemplateDigest.of(model(WORKLOAD));

        assertThat(TemplateDigest.of(model(WORKLOAD.replace("stage: 0", "stage: 3"))))
                .isEqualTo(digest);
        assertThat(TemplateDigest.of(model("{stage: 0, agent: {resources: {requests: {cpu: 1000m}}}}")))
                .as("quantities as they are stored")
                .isEqualTo(TemplateDigest.of(model("{stage: 0, agent: {resources: {requests: {cpu: 1}}}}")))
                .isNotEqualTo(TemplateDigest.of(model("{stage: 0, agent: {resources: {requests: {cpu: 2}}}}")));
        assertThat(TemplateDigest.of(model("{stage: 0, agent: {image: other}}")))
                .isNotEqualTo(TemplateDigest.of(model("")));
        assertThat(TemplateDigest.of(model(WORKLOAD.replace("keep", "changed"))))
                .isNotEqualTo(digest);
    }

    @Test
    void theWorkloadIsToldHowToReachItsAgentUnlessItSaysSoItself() {
        PodSpec pod = pod(WORKLOAD);
        List<EnvVar> trainer = pod.getContainers().getFirst().getEnv();

        assertThat(trainer)
                .extracting(EnvVar::getName)
                .as("before the user's, which refer to it")
                .containsExactly("RINGRIFT_URL", "RINGRIFT_CLUSTER_AUTH_TOKEN", "MY_URL");
        assertThat(trainer.getFirst().getValue()).isEqualTo("http://127.0.0.1:8770");
        assertThat(trainer.get(1).getValueFrom().getSecretKeyRef().getName()).isEqualTo("demo-credential");
        assertThat(trainer.get(1).getValueFrom().getSecretKeyRef().getKey()).isEqualTo("token");
        assertThat(pod.getContainers().get(1).getEnv())
                .filteredOn(variable -> variable.getName().equals("RINGRIFT_URL"))
                .singleElement()
                .extracting(EnvVar::getValue)
                .isEqualTo("http://elsewhere");
        assertThat(pod.getInitContainers().get(1).getEnv())
                .extracting(EnvVar::getName)
                .contains("RINGRIFT_URL");
    }

    @Test
    void theAgentIsToldOnlyWhatIsFixedForThePodsLife() {
        Map<String, String> environment =
                agent("{stage: 4, ports: {http: 1001, swim: 1002, raft: 1003}}").getEnv().stream()
                        .collect(Collectors.toMap(EnvVar::getName, PodTemplateTest::valueOrField));

        assertThat(environment)
                .isEqualTo(Map.ofEntries(
                        Map.entry("RINGRIFT_NODE_ID", "metadata.name"),
                        Map.entry("RINGRIFT_ADVERTISE_HOST", "status.podIP"),
                        Map.entry("RINGRIFT_CLUSTER_NAME", "games/demo"),
                        Map.entry("RINGRIFT_P2P_PORT", "1001"),
                        Map.entry("RINGRIFT_SWIM_PORT", "1002"),
                        Map.entry("RINGRIFT_RAFT_PORT", "1003"),
                        Map.entry("RINGRIFT_DATA_DIR", "/var/lib/ringrift"),
                        Map.entry("RINGRIFT_CONFIG_DIR", "/etc/ringrift/config"),
                        Map.entry("RINGRIFT_CLUSTER_AUTH_TOKEN_FILE", "/etc/ringrift/credential/token"),
                        Map.entry("RINGRIFT_GOSSIP_KEYS_FILE", "/etc/ringrift/gossip/keys"),
                        Map.entry("RINGRIFT_TLS_DIR", "/etc/ringrift/tls")));
    }

    @Test
    void everyMountHasItsVolumeAndNoneIsBySubPath() {
        for (String spec : List.of("", "{stage: 0, security: {tls: false, gossipEncryption: false}}")) {
            PodSpec pod = pod(spec);
            assertThat(pod.getContainers().getFirst().getVolumeMounts())
                    .as(spec)
                    .allSatisfy(mount -> assertThat(mount.getSubPath()).isNull())
                    .extracting(VolumeMount::getName)
                    .containsExactlyElementsOf(
                            pod.getVolumes().stream().map(Volume::getName).toList());
        }
    }

    @Test
    void withoutTlsAndEncryptionNothingOfThemIsLeft() {
        Container agent = agent("{stage: 0, security: {tls: false, gossipEncryption: false}}");

        assertThat(agent.getEnv())
                .extracting(EnvVar::getName)
                .doesNotContain("RINGRIFT_TLS_DIR", "RINGRIFT_GOSSIP_KEYS_FILE");
        assertThat(agent.getReadinessProbe().getHttpGet().getScheme()).isEqualTo("HTTP");
        assertThat(agent("").getReadinessProbe().getHttpGet().getScheme()).isEqualTo("HTTPS");
    }

    @Test
    void probesAskTheAgentItself() {
        Container agent = agent("");

        assertThat(agent.getStartupProbe().getHttpGet().getPath()).isEqualTo("/health/startup");
        assertThat(agent.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/health/ready");
        assertThat(agent.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/health/live");
        assertThat(agent.getLivenessProbe().getHttpGet().getPort().getStrVal()).isEqualTo("ringrift-http");
    }

    @Test
    void theAgentFitsTheRestrictedPodSecurityStandard() {
        var context = agent("").getSecurityContext();

        assertThat(context.getRunAsNonRoot()).isTrue();
        assertThat(context.getRunAsUser()).isEqualTo(10_001);
        assertThat(context.getReadOnlyRootFilesystem()).isTrue();
        assertThat(context.getAllowPrivilegeEscalation()).isFalse();
        assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(context.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    }

    @Test
    void resourcesOfTheUserReplaceOurs() {
        assertThat(agent("").getResources().getLimits().get("memory").toString())
                .isEqualTo("256Mi");
        assertThat(agent("{stage: 0, agent: {resources: {limits: {cpu: 1}}}}")
                        .getResources()
                        .getRequests())
                .isEmpty();
    }

    @Test
    void theServiceAccountsTokenIsMountedOnlyForThoseWhoAsk() {
        assertThat(pod(WORKLOAD).getAutomountServiceAccountToken()).isFalse();
        assertThat(pod("{stage: 0, template: {spec: {automountServiceAccountToken: true}}}")
                        .getAutomountServiceAccountToken())
                .isTrue();
        assertThat(pod("{stage: 0, template: {spec: {serviceAccountName: worker}}}")
                        .getAutomountServiceAccountToken())
                .isNull();
        assertThat(
                        pod("{stage: 0, template: {spec: {serviceAccountName: worker, automountServiceAccountToken: false}}}")
                                .getAutomountServiceAccountToken())
                .isFalse();
    }

    @Test
    void noServiceOfTheNamespaceBecomesAKeyOfTheAgent() {
        assertThat(pod(WORKLOAD).getEnableServiceLinks()).isFalse();
        assertThat(pod("{stage: 0, template: {spec: {enableServiceLinks: true}}}")
                        .getEnableServiceLinks())
                .isTrue();
    }

    @Test
    void thereIsAlwaysTimeToSayGoodbye() {
        assertThat(pod("").getTerminationGracePeriodSeconds()).isEqualTo(30);
        assertThat(pod("{stage: 0, template: {spec: {terminationGracePeriodSeconds: 1}}}")
                        .getTerminationGracePeriodSeconds())
                .isEqualTo(10);
        assertThat(pod("{stage: 0, template: {spec: {terminationGracePeriodSeconds: 600}}}")
                        .getTerminationGracePeriodSeconds())
                .isEqualTo(600);
    }

    @Test
    void aVolumeIsMadeWritableUnlessTheUserHasSaidForWhom() {
        assertThat(pod("").getSecurityContext()).isNull();
        var ours = pod("{stage: 0, storage: {size: 1Gi}, template: {spec: {securityContext: {runAsUser: 7}}}}")
                .getSecurityContext();
        assertThat(ours.getFsGroup()).isEqualTo(10_001);
        assertThat(ours.getRunAsUser()).isEqualTo(7);
        assertThat(pod("{stage: 0, storage: {size: 1Gi}, template: {spec: {securityContext: {fsGroup: 7}}}}")
                        .getSecurityContext()
                        .getFsGroup())
                .isEqualTo(7);
    }

    @Test
    void whatTheApiServerWouldFillIntoTheUsersPodIsSpelledOut() {
        PodSpec pod = pod("""
                stage: 0
                template:
                  spec:
                    containers:
                      - name: a
                        ports: [{containerPort: 9000}, {containerPort: 9001, protocol: UDP}]
                        env:
                          - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                          - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
                    volumes:
                      - {name: token, projected: {sources: [{serviceAccountToken: {path: token}}]}}
                """);
        Container container = pod.getContainers().getFirst();

        assertThat(container.getPorts().get(0).getProtocol()).isEqualTo("TCP");
        assertThat(container.getPorts().get(1).getProtocol()).isEqualTo("UDP");
        assertThat(container.getEnv().get(2).getValueFrom().getFieldRef().getApiVersion())
                .isEqualTo("v1");
        assertThat(container
                        .getEnv()
                        .get(3)
                        .getValueFrom()
                        .getResourceFieldRef()
                        .getDivisor()
                        .getAmount())
                .isEqualTo("0");
        assertThat(pod.getVolumes()
                        .getFirst()
                        .getProjected()
                        .getSources()
                        .getFirst()
                        .getServiceAccountToken()
                        .getExpirationSeconds())
                .isEqualTo(3600);
    }

    @Test
    void theUsersOwnTemplateIsNotTouched() {
        ClusterModel model = model(WORKLOAD);
        String before = model.spec().template().toString();

        PodTemplate.of(model);

        assertThat(model.spec().template()).hasToString(before);
    }

    private static String valueOrField(EnvVar variable) {
        return variable.getValue() != null
                ? variable.getValue()
                : variable.getValueFrom().getFieldRef().getFieldPath();
    }

    private static Container agent(String spec) {
        return pod(spec).getContainers().getFirst();
    }

    private static PodSpec pod(String spec) {
        return PodTemplate.of(model(spec)).getSpec();
    }

    private static List<String> names(List<Container> containers) {
        return containers.stream().map(Container::getName).toList();
    }
}
