package io.ringrift.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Another operator, the same clusters. */
@OnKubernetes
@Order(6)
class UpgradeIT {

    private static RingRift cluster;

    @BeforeAll
    static void apply(Kubernetes kubernetes, Release release) {
        cluster = RingRift.of(kubernetes, "upgrade", "steady", "{stage: 0, replicas: 2}");
        cluster.awaitReadyWith(2);
    }

    @AfterAll
    static void remove(Release release) {
        release.upgrade("replicas=1", "logging.level=INFO", "agent.image.tag=");
        cluster.close();
    }

    @Test
    @Order(1)
    void passesTheChartsOwnTest(Release release) {
        assertThat(release.test()).contains("Phase:").contains("Succeeded");
    }

    @Test
    @Order(2)
    void restartsNoPodWhenTheOperatorIsUpgraded(Kubernetes kubernetes, Release release) {
        var lives = cluster.lives();
        long generation = cluster.statefulSet().getMetadata().getGeneration();
        var deployment = kubernetes.client().apps().deployments().inNamespace(Release.NAMESPACE);
        var operators =
                deployment.withName(Release.OPERATOR).get().getMetadata().getGeneration();

        // A new operator brings a new agent: for new clusters only.
        release.upgrade("replicas=2", "logging.level=DEBUG", "agent.image.tag=9.9.9");

        assertThat(deployment.withName(Release.OPERATOR).get().getMetadata().getGeneration())
                .isGreaterThan(operators);
        cluster.kubectl("annotate", "rrc", "steady", "example.com/look=again").ok();
        cluster.kubectl("delete", "service", "steady").ok();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(cluster.objects()).contains("service/steady"));
        cluster.awaitReadyWith(2);
        assertThat(cluster.lives()).isEqualTo(lives);
        assertThat(cluster.statefulSet().getMetadata().getGeneration()).isEqualTo(generation);
    }

    @Test
    @Order(3)
    void oneOfTwoOperatorsWorksAndTheOtherTakesOver(Kubernetes kubernetes) {
        String holder = holder(kubernetes);
        kubernetes
                .kubectl("delete", "pod", "-n", Release.NAMESPACE, holder, "--grace-period=0", "--force")
                .ok();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(holder(kubernetes)).isNotEqualTo(holder));
        cluster.kubectl("delete", "service", "steady").ok();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(cluster.objects()).contains("service/steady"));
    }

    private static String holder(Kubernetes kubernetes) {
        return kubernetes
                .kubectl("get", "leases", "-n", Release.NAMESPACE, "-o", "jsonpath={.items[0].spec.holderIdentity}")
                .ok();
    }
}
