package io.ringrift.operator.desired;

import static io.ringrift.operator.desired.Clusters.model;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ringrift.operator.api.RingRiftCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DesiredObjectsTest {

    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "demo.yaml");

    @Test
    void theDemosObjectsAreTheOnesThatWereReviewed() throws IOException {
        var cluster = Clusters.sample(Clusters.SAMPLES.resolve("demo.yaml"));
        String made = objects(ClusterModel.of(cluster, Clusters.IMAGE), true).wanted().stream()
                .map(Serialization::asYaml)
                .collect(Collectors.joining());
        if (Boolean.getBoolean("ringrift.golden.update")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, made);
        }

        assertThat(documents(made))
                .as("after a change that is meant: -Dringrift.golden.update=true. A change of ringrift.io/template"
                        + " rolls every pod of every cluster when the operator is upgraded")
                .isEqualTo(documents(Files.readString(GOLDEN)));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleIsRightAndMakesObjects(Path sample) {
        RingRiftCluster cluster = Clusters.sample(sample);

        assertThat(SpecValidator.problems(cluster)).isEmpty();
        assertThat(names(
                        objects(ClusterModel.of(cluster, Clusters.IMAGE), false).wanted()))
                .contains("StatefulSet " + cluster.getMetadata().getName());
    }

    static List<Path> samples() throws IOException {
        try (var files = Files.list(Clusters.SAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whatPodsNeedComesBeforeThePods() {
        assertThat(names(objects(model(""), true).wanted()))
                .containsExactly(
                        "Secret demo-credential",
                        "Secret demo-gossip",
                        "Secret demo-ca",
                        "Secret demo-tls",
                        "ConfigMap demo-runtime",
                        "Service demo",
                        "Service demo-peers",
                        "Service demo-leader",
                        "NetworkPolicy demo",
                        "PodDisruptionBudget demo",
                        "StatefulSet demo",
                        "PodMonitor demo");
    }

    @Test
    void everythingCarriesTheClustersLabelAndOwner() {
        assertThat(objects(model(""), true).wanted()).allSatisfy(object -> {
            assertThat(object.getMetadata().getNamespace()).isEqualTo("games");
            assertThat(object.getMetadata().getLabels())
                    .containsEntry(Labels.CLUSTER, "demo")
                    .containsEntry(Labels.MANAGED_BY, Labels.OPERATOR);
            assertThat(object.getMetadata().getOwnerReferences()).hasSize(1);
        });
    }

    @Test
    void whatIsSwitchedOffIsUnwanted() {
        DesiredObjects objects = objects(model("{stage: 0, replicas: 1, security: {networkPolicy: false}}"), false);

        assertThat(names(objects.unwanted())).containsExactly("NetworkPolicy demo", "PodDisruptionBudget demo");
        assertThat(names(objects.wanted()))
                .doesNotContain("NetworkPolicy demo", "PodDisruptionBudget demo", "PodMonitor demo");
        assertThat(objects(model(""), false).unwanted()).isEmpty();
    }

    @Test
    void aWorkloadOfSomebodyElseIsNotMade() {
        assertThat(names(objects(model("{stage: 0, workloadRef: {name: trainer}}"), false)
                        .wanted()))
                .contains("Service demo", "ConfigMap demo-runtime")
                .noneMatch(name -> name.startsWith("StatefulSet"));
    }

    @Test
    void servicesLeadToMembersToEachMemberAndToTheLeader() {
        List<Service> services = DesiredServices.of(model(""));

        assertThat(services.get(0).getSpec().getSelector()).isEqualTo(Map.of(Labels.CLUSTER, "demo"));
        assertThat(services.get(1).getSpec().getClusterIP()).isEqualTo("None");
        assertThat(services.get(1).getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(services.get(1).getSpec().getPorts())
                .extracting(port -> port.getProtocol() + " " + port.getPort())
                .containsExactly("TCP 8770", "UDP 7947", "TCP 4321");
        assertThat(services.get(2).getSpec().getSelector())
                .containsEntry(Labels.CLUSTER, "demo")
                .containsEntry("ringrift.io/role", "leader");
    }

    @Test
    void aVolumeIsClaimedForEachMemberAndOutlivesIt() {
        StatefulSet set = DesiredStatefulSet.of(model("{stage: 0, storage: {size: 1Gi, storageClassName: fast}}"));

        assertThat(set.getSpec().getVolumeClaimTemplates()).singleElement().satisfies(claim -> {
            assertThat(claim.getMetadata().getName()).isEqualTo("ringrift-data");
            assertThat(claim.getSpec().getStorageClassName()).isEqualTo("fast");
            assertThat(claim.getSpec()
                            .getResources()
                            .getRequests()
                            .get("storage")
                            .toString())
                    .isEqualTo("1Gi");
        });
        assertThat(set.getSpec().getPersistentVolumeClaimRetentionPolicy().getWhenDeleted())
                .isEqualTo("Retain");
        assertThat(set.getSpec().getTemplate().getSpec().getVolumes())
                .noneMatch(volume -> volume.getName().equals("ringrift-data"));
    }

    private static DesiredObjects objects(ClusterModel model, boolean podMonitors) {
        var runtime = RuntimeDocuments.of(
                new RuntimeConfig(1, RuntimeConfig.keysAt(model, model.spec().modesAt(0), model.voters())));
        return DesiredObjects.of(model, 0, runtime, Clusters.secrets(model), podMonitors);
    }

    private static List<String> names(List<HasMetadata> objects) {
        return objects.stream()
                .map(object -> object.getKind() + " " + object.getMetadata().getName())
                .toList();
    }

    private static List<JsonNode> documents(String yaml) throws IOException {
        var mapper = new ObjectMapper();
        try (var parser = new YAMLFactory().createParser(yaml)) {
            return mapper.readValues(parser, JsonNode.class).readAll();
        }
    }
}
