package io.ringrift.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator goes and the clusters stay; it comes back, by Helm 3 this time, for one namespace only. */
@OnKubernetes
@Order(7)
class UninstallIT {

    private static RingRift cluster;
    private static RingRift elsewhere;

    @BeforeAll
    static void apply(Kubernetes kubernetes, Release release) {
        cluster = RingRift.of(kubernetes, "team", "mine", "{stage: 0, replicas: 2, storage: {size: 16Mi}}");
        cluster.awaitReadyWith(2);
    }

    @AfterAll
    static void remove() {
        cluster.close();
        if (elsewhere != null) {
            elsewhere.close();
        }
    }

    @Test
    @Order(1)
    void leavesTheTypeTheResourceAndItsPods(Kubernetes kubernetes, Release release) {
        var lives = cluster.lives();
        release.uninstall();

        assertThat(kubernetes.kubectl("get", "crd", Release.TYPE).exit()).isZero();
        assertThat(kubernetes.kubectl("get", "clusterroles", "-o", "name").ok()).doesNotContain(Release.OPERATOR);
        assertThat(cluster.column("STAGE")).isEqualTo("0");
        assertThat(cluster.lives()).isEqualTo(lives);
        assertThat(cluster.agent("mine-0", "/leader").path("leader").asText()).startsWith("mine-");
    }

    @Test
    @Order(2)
    void comesBackForOneNamespaceByHelm3(Kubernetes kubernetes, @TempDir Path directory) throws IOException {
        var lives = cluster.lives();
        var values = Files.writeString(directory.resolve("values.yaml"), "watch: {namespaces: [team]}\n");
        new Helm(Tools.project("helm/ringrift"))
                .install()
                .withName(Release.NAME)
                .withNamespace(Release.NAMESPACE)
                .withKubeConfig(kubernetes.kubeconfig())
                .withValuesFile(values)
                .waitReady()
                .withTimeout(120)
                .call();

        assertThat(kubernetes.kubectl("get", "clusterroles", "-o", "name").ok()).doesNotContain(Release.OPERATOR);
        elsewhere = RingRift.of(kubernetes, "elsewhere", "theirs", "{stage: 0}");
        cluster.kubectl("scale", "rrc/mine", "--replicas=3").ok();
        cluster.awaitReadyWith(3);
        assertThat(cluster.lives()).containsAllEntriesOf(lives);
        assertThat(elsewhere.objects())
                .as("nobody looks after other namespaces")
                .isEmpty();
    }

    @Test
    @Order(3)
    void removesWhatItMadeWithTheResourceExceptVolumes() {
        assertThat(cluster.kubectl("get", "pvc").ok()).contains("mine-0", "mine-1", "mine-2");
        cluster.kubectl("delete", "rrc", "mine", "--timeout=30s").ok();

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(cluster.objects())
                        .isNotEmpty()
                        .allMatch(object -> object.startsWith("persistentvolumeclaim/")));
    }
}
