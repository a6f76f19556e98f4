package io.ringrift.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.ringrift.e2e.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChartTest {

    private static final String EVERYTHING = """
            replicas: 2
            rbac: {podMonitors: true, aggregateRoles: true}
            podDisruptionBudget: {enabled: true}
            networkPolicy: {enabled: true}
            metrics: {serviceMonitor: {enabled: true}, prometheusRule: {enabled: true}}
            """;
    private static final String TWO_NAMESPACES = "watch: {namespaces: [team-a, team-b]}";

    @ParameterizedTest
    @EnumSource
    void lintsStrictly(Renderer helm) {
        assertThat(helm.lint()).doesNotContain("[ERROR]", "[WARNING]");
    }

    @Test
    void bothMajorsOfHelmMakeTheSame() {
        for (String values : List.of("", EVERYTHING, TWO_NAMESPACES)) {
            assertThat(Rendered.by(Renderer.HELM_3, values).installed())
                    .isEqualTo(Rendered.by(Renderer.HELM_4, values).installed());
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesAKubernetesWithoutNativeSidecars(Renderer helm) {
        assertThat(helm.render("", "1.29.0")).contains("kind: Deployment");
        assertThatThrownBy(() -> helm.render("", "1.28.15"))
                .isInstanceOf(Renderer.Refused.class)
                .hasMessageContaining("requires kubeVersion: >=1.29.0");
    }

    @Test
    void makesByDefaultWhatTheOperatorNeedsAndNoMore() {
        assertThat(Rendered.of("").names())
                .containsExactly(
                        "ClusterRole /ringrift-operator",
                        "ClusterRole /ringrift-operator-edit",
                        "ClusterRole /ringrift-operator-view",
                        "ClusterRoleBinding /ringrift-operator",
                        "CustomResourceDefinition /ringriftclusters.ringrift.io",
                        "Deployment ringrift-system/ringrift-operator",
                        "Pod ringrift-system/ringrift-operator-test",
                        "Role ringrift-system/ringrift-operator-lease",
                        "RoleBinding ringrift-system/ringrift-operator-lease",
                        "Service ringrift-system/ringrift-operator",
                        "ServiceAccount ringrift-system/ringrift-operator");
    }

    @Test
    void makesNoClusterWideRoleWhenNamespacesAreNamed() {
        var rendered = Rendered.of(TWO_NAMESPACES);

        assertThat(rendered.objects().stream().map(object -> object.path("kind").asText()))
                .doesNotContain("ClusterRole", "ClusterRoleBinding");
        assertThat(rendered.names())
                .contains(
                        "Role team-a/ringrift-operator",
                        "Role team-b/ringrift-operator",
                        "RoleBinding team-a/ringrift-operator",
                        "RoleBinding team-b/ringrift-operator");
        assertThat(rendered.env("QUARKUS_OPERATOR_SDK_CONTROLLERS_RINGRIFTCLUSTER_NAMESPACES"))
                .isEqualTo("team-a,team-b");
    }

    @Test
    void grantsTheSameInANamespaceAsInAll() {
        var everywhere = Rendered.of("rbac: {aggregateRoles: false}").one("ClusterRole");
        assertThat(Rendered.of(TWO_NAMESPACES)
                        .all("Role")
                        .filter(role -> role.at("/metadata/namespace").asText().startsWith("team-")))
                .hasSize(2)
                .allSatisfy(role -> assertThat(role.path("rules")).isEqualTo(everywhere.path("rules")));
    }

    @ParameterizedTest
    @EnumSource
    void grantsNothingByWildcard(Renderer helm) {
        for (String values : List.of("", EVERYTHING, TWO_NAMESPACES)) {
            assertThat(Rendered.by(helm, values).rules())
                    .isNotEmpty()
                    .noneMatch(rule -> rule.toString().contains("*"));
        }
    }

    @Test
    void canNeitherListNorWatchSecretsNorRaiseItsOwnRights() {
        var rules = Rendered.of(EVERYTHING).rules();

        assertThat(rules)
                .filteredOn(rule -> Rendered.texts(rule.path("resources")).contains("secrets"))
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(Rendered.texts(rule.path("verbs")))
                        .containsExactlyInAnyOrder("get", "create", "patch"));
        assertThat(rules.stream()
                        .flatMap(rule -> Rendered.stream(rule.path("verbs")))
                        .map(JsonNode::asText))
                .doesNotContain("escalate", "bind", "impersonate");
        assertThat(rules.stream()
                        .flatMap(rule -> Rendered.stream(rule.path("resources")))
                        .map(JsonNode::asText))
                .doesNotContain("pods/exec", "roles", "clusterroles", "nodes", "serviceaccounts/token");
    }

    @Test
    void mayEvictPodsAsFarAsBudgetsAllowAndNotDeleteThem() {
        var rules = Rendered.of(EVERYTHING).rules();

        assertThat(rules)
                .filteredOn(rule -> Rendered.texts(rule.path("resources")).contains("pods/eviction"))
                .isNotEmpty()
                .allSatisfy(
                        rule -> assertThat(Rendered.texts(rule.path("verbs"))).containsExactly("create"));
        assertThat(rules)
                .filteredOn(rule -> Rendered.texts(rule.path("resources")).contains("pods"))
                .isNotEmpty()
                .allSatisfy(rule ->
                        assertThat(Rendered.texts(rule.path("verbs"))).doesNotContain("delete", "deletecollection"));
    }

    @Test
    void mayHoldOneLeaseOnly() {
        var rendered = Rendered.of("fullnameOverride: other");
        assertThat(rendered.env("RINGRIFT_LEASE_NAME")).isEqualTo("other");
        assertThat(rendered.rules())
                .filteredOn(rule -> Rendered.texts(rule.path("resources")).contains("leases"))
                .filteredOn(rule -> !Rendered.texts(rule.path("verbs")).equals(List.of("create")))
                .singleElement()
                .satisfies(rule ->
                        assertThat(Rendered.texts(rule.path("resourceNames"))).containsExactly("other"));
    }

    @Test
    void runsUnderTheRestrictedPodSecurityStandard() {
        var rendered = Rendered.of("");
        var pods = List.of(rendered.operatorPod(), rendered.one("Pod").path("spec"));

        assertThat(pods).allSatisfy(pod -> {
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(10001);
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(pod.path("hostNetwork").asBoolean()).isFalse();
            assertThat(Rendered.stream(pod.path("containers"))).isNotEmpty().allSatisfy(container -> {
                var context = container.path("securityContext");
                assertThat(context.path("allowPrivilegeEscalation").asBoolean(true))
                        .isFalse();
                assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
                assertThat(Rendered.texts(context.at("/capabilities/drop"))).containsExactly("ALL");
            });
        });
    }

    @Test
    void testsByWhatTheImageHolds() throws IOException {
        var command = Rendered.texts(Rendered.of("").one("Pod").at("/spec/containers/0/command"));
        assertThat(Files.readString(Tools.project("Dockerfile.operator")))
                .contains("ENTRYPOINT [\"" + command.getFirst() + "\"")
                .contains("\"" + command.get(command.indexOf("-cp") + 1) + "\"]");
        assertThat(Tools.project("operator/src/main/java")
                        .resolve(command.getLast().replace('.', '/') + ".java"))
                .exists();
    }

    @Test
    void takesImagesFromValues() {
        var byDefault = Rendered.of("");
        assertThat(byDefault.operator().path("image").asText()).isEqualTo("ringrift/operator:0.1.0");
        assertThat(byDefault.operator().path("imagePullPolicy").asText()).isEqualTo("IfNotPresent");
        assertThat(byDefault.env("RINGRIFT_AGENT_IMAGE")).isEqualTo("ringrift/agent:0.1.0");

        String digest = "sha256:" + "0123456789abcdef".repeat(4);
        var ours = Rendered.of("""
                image: {registry: registry.example.com:5000, repository: mirror/operator, tag: "2", pullPolicy: Always}
                imagePullSecrets: [{name: pull}]
                agent: {image: {registry: registry.example.com, tag: ignored, digest: "%s"}}
                """.formatted(digest));
        assertThat(ours.operator().path("image").asText()).isEqualTo("registry.example.com:5000/mirror/operator:2");
        assertThat(ours.operator().path("imagePullPolicy").asText()).isEqualTo("Always");
        assertThat(ours.operatorPod().at("/imagePullSecrets/0/name").asText()).isEqualTo("pull");
        assertThat(ours.env("RINGRIFT_AGENT_IMAGE")).isEqualTo("registry.example.com/ringrift/agent@" + digest);
    }

    @Test
    void putsPlacementAndLabelsWhereTheyBelong() {
        var rendered = Rendered.of("""
                labels: {team: platform}
                annotations: {example.com/owner: us}
                podLabels: {mesh: "off"}
                nodeSelector: {disk: fast}
                tolerations: [{key: dedicated, operator: Exists}]
                affinity: {podAntiAffinity: {}}
                topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]
                priorityClassName: high
                logging: {level: DEBUG, format: json}
                extraEnv: [{name: JAVA_TOOL_OPTIONS, value: -Xmx100m}]
                """);
        assertThat(rendered.objects()).allSatisfy(object -> {
            assertThat(object.at("/metadata/labels/team").asText()).isEqualTo("platform");
            assertThat(object.at("/metadata/annotations")
                            .path("example.com/owner")
                            .asText())
                    .isEqualTo("us");
        });
        var pod = rendered.operatorPod();
        assertThat(pod.at("/nodeSelector/disk").asText()).isEqualTo("fast");
        assertThat(pod.at("/tolerations/0/key").asText()).isEqualTo("dedicated");
        assertThat(pod.path("affinity").has("podAntiAffinity")).isTrue();
        assertThat(pod.at("/topologySpreadConstraints/0/topologyKey").asText()).isEqualTo("zone");
        assertThat(pod.path("priorityClassName").asText()).isEqualTo("high");
        assertThat(rendered.one("Deployment")
                        .at("/spec/template/metadata/labels/mesh")
                        .asText())
                .isEqualTo("off");
        // What a Deployment selects by can never change, so nothing of the user's is in it.
        assertThat(rendered.one("Deployment").at("/spec/selector/matchLabels").size())
                .isEqualTo(3);
        assertThat(rendered.env("QUARKUS_LOG_LEVEL")).isEqualTo("DEBUG");
        assertThat(rendered.env("QUARKUS_LOG_CONSOLE_JSON_ENABLED")).isEqualTo("true");
        assertThat(rendered.env("JAVA_TOOL_OPTIONS")).isEqualTo("-Xmx100m");
    }

    @Test
    void keepsTheTypeOnUninstallAndBringsTheOneThatWasGenerated() throws IOException {
        var crd = Rendered.of("").one("CustomResourceDefinition");
        assertThat(crd.at("/metadata/annotations")
                        .path("helm.sh/resource-policy")
                        .asText())
                .isEqualTo("keep");
        assertThat(Rendered.of("crds: {install: false}").all("CustomResourceDefinition"))
                .isEmpty();

        String generated = Files.readString(Tools.project("crds/ringriftclusters.ringrift.io.yaml"));
        assertThat(Files.readString(Renderer.CHART.resolve("files/crd.yaml")))
                .as("helm/ringrift/files/crd.yaml is a copy of crds/ringriftclusters.ringrift.io.yaml: make crd")
                .isEqualTo(generated);
        var yaml = new KubernetesSerialization();
        var expected = yaml.unmarshal(generated, JsonNode.class).path("spec");
        assertThat(crd.path("spec").equals(ChartTest::compareByValue, expected))
                .as("nothing was lost between the file and what Helm makes of it")
                .isTrue();
    }

    /** Helm writes 4.0 as 4. */
    private static int compareByValue(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return Double.compare(one.doubleValue(), other.doubleValue());
        }
        return one.equals(other) ? 0 : 1;
    }

    @Test
    void leavesEveryOptionalPartOutWhenAsked() {
        assertThat(Rendered.of("""
                        crds: {install: false}
                        rbac: {create: false}
                        serviceAccount: {create: false, name: ours}
                        """).names())
                .containsExactly(
                        "Deployment ringrift-system/ringrift-operator",
                        "Pod ringrift-system/ringrift-operator-test",
                        "Service ringrift-system/ringrift-operator");
        assertThat(Rendered.of(EVERYTHING).names())
                .contains(
                        "NetworkPolicy ringrift-system/ringrift-operator",
                        "PodDisruptionBudget ringrift-system/ringrift-operator",
                        "PrometheusRule ringrift-system/ringrift-operator",
                        "ServiceMonitor ringrift-system/ringrift-operator");
        assertThat(Rendered.of("rbac: {podMonitors: false}").rules().toString()).doesNotContain("podmonitors");
    }

    @Test
    void leavesToPrometheusWhatIsItsToFillIn() {
        assertThat(Rendered.stream(Rendered.of(EVERYTHING).one("PrometheusRule").at("/spec/groups/0/rules")))
                .hasSize(6)
                .filteredOn(rule -> rule.path("expr").asText().contains("by (namespace, job"))
                .hasSize(5)
                .allSatisfy(rule ->
                        assertThat(rule.at("/annotations/summary").asText()).contains("{{ $labels.job }}"));
        assertThat(Rendered.of("metrics: {prometheusRule: {enabled: true}}")
                        .one("PrometheusRule")
                        .toString())
                .as("without a ServiceMonitor nobody scrapes the operator")
                .doesNotContain("RingRiftOperatorDown");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    replicaz: 2                                     | replicaz       | not allowed
                    replicas: two                                   | replicas       | integer
                    replicas: 9                                     | replicas       | 5
                    image: {tag: 1.0}                               | image          | string
                    image: {digest: sha1:abc}                       | digest         | sha256
                    agent: {image: {pullPolicy: Always}}            | pullPolicy     | not allowed
                    watch: {namespaces: team-a}                     | namespaces     | array
                    watch: {namespaces: [Team_A]}                   | namespaces     | Team_A
                    logging: {level: LOUD}                          | level          | DEBUG
                    crds: {install: 'yes'}                          | install        | boolean
                    metrics: {serviceMonitor: {interval: often}}    | interval       | often
                    """)
    void refusesValuesThatItDoesNotKnow(String values, String key, String allowed) {
        for (Renderer helm : Renderer.values()) {
            assertThatThrownBy(() -> helm.render(values, Renderer.KUBERNETES))
                    .isInstanceOf(Renderer.Refused.class)
                    .hasMessageContaining(key)
                    .hasMessageContaining(allowed);
        }
    }

    @Test
    void describesEveryValueAndRefusesUnknownOnesAtEveryLevel() throws IOException {
        var schema = new ObjectMapper()
                .readTree(Renderer.CHART.resolve("values.schema.json").toFile());
        var values = new KubernetesSerialization()
                .unmarshal(Files.readString(Renderer.CHART.resolve("values.yaml")), JsonNode.class);

        checkDescribed("", schema, values, schema.path("definitions"));
    }

    private static void checkDescribed(String path, JsonNode schema, JsonNode values, JsonNode definitions) {
        assertThat(schema.path("additionalProperties").isBoolean())
                .as("additionalProperties: false at '%s'", path)
                .isTrue();
        var known = schema.path("properties")
                .propertyStream()
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        values.propertyStream()
                .forEach(value -> assertThat(known)
                        .as("the schema knows %s.%s", path, value.getKey())
                        .contains(value.getKey()));
        schema.path("properties").propertyStream().forEach(property -> {
            String name = path + "." + property.getKey();
            var described = resolve(property.getValue(), definitions);
            assertThat(property.getValue().path("description").asText("")
                            + described.path("description").asText(""))
                    .as("description of %s", name)
                    .hasSizeGreaterThan(10);
            if (described.has("properties")) {
                checkDescribed(name, described, values.path(property.getKey()), definitions);
            }
        });
    }

    private static JsonNode resolve(JsonNode schema, JsonNode definitions) {
        String reference = schema.path("$ref").asText("");
        return reference.isEmpty() ? schema : definitions.path(reference.substring(reference.lastIndexOf('/') + 1));
    }
}
