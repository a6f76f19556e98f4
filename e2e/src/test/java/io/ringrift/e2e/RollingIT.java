package io.ringrift.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Pods that follow an edited template: one at a time, the leader last, and a broken template costs one of them. */
@OnKubernetes
@Order(4)
class RollingIT {
    private static final int MEMBERS = 3;

    /** Each pod has to stay ready for ten seconds before the next goes. */
    private static final Duration ROLLED = Duration.ofMinutes(4);

    private static RingRift cluster;

    @BeforeAll
    static void apply(Kubernetes kubernetes, Release release) {
        cluster = RingRift.of(kubernetes, "rolling", "rolling", "{stage: 0, replicas: " + MEMBERS + "}");
        cluster.awaitReadyWith(MEMBERS);
    }

    @AfterAll
    static void remove() {
        cluster.close();
    }

    @Test
    @Order(1)
    void replacesOnePodAfterTheOtherAndTheLeaderLast() {
        String leader = cluster.leader();
        Map<String, String> before = uids();
        List<String> order = new ArrayList<>();

        cluster.apply("{stage: 0, replicas: " + MEMBERS + ", agent: {resources: {limits: {memory: 256Mi}}}}")
                .ok();
        await().atMost(ROLLED).pollInterval(Duration.ofMillis(500)).until(() -> {
            Map<String, String> now = uids();
            assertThat(now.size()).as("one pod is away at most").isGreaterThanOrEqualTo(MEMBERS - 1);
            now.forEach((pod, uid) -> {
                if (!uid.equals(before.get(pod)) && !order.contains(pod)) {
                    order.add(pod);
                }
            });
            return order.size() == MEMBERS && isUpdated();
        });
        assertThat(order).hasSize(MEMBERS).last().isEqualTo(leader);
        cluster.awaitReadyWith(MEMBERS);
        assertThat(cluster.leader()).isNotNull();
        assertThat(cluster.pods())
                .allSatisfy(pod -> assertThat(pod.getSpec()
                                .getContainers()
                                .getFirst()
                                .getResources()
                                .getLimits()
                                .get("memory")
                                .toString())
                        .isEqualTo("256Mi"));
    }

    @Test
    @Order(2)
    void aBrokenTemplateCostsOnePodAndItsCorrectionIsFollowed() {
        Map<String, String> before = uids();
        cluster.apply("{stage: 0, replicas: " + MEMBERS + ", agent: {image: none.invalid/none:1}}")
                .ok();
        await().atMost(ROLLED)
                .untilAsserted(() -> assertThat(
                                cluster.condition("PodsUpdated").path("message").asText())
                        .contains("is not ready with the new template"));
        Map<String, String> broken = uids();
        broken.values().retainAll(before.values());
        assertThat(broken).as("the others run").hasSize(MEMBERS - 1);

        cluster.apply("{stage: 0, replicas: " + MEMBERS + "}").ok();
        await().atMost(ROLLED).until(RollingIT::isUpdated);
        cluster.awaitReadyWith(MEMBERS);
    }

    private static boolean isUpdated() {
        var resource = cluster.resource();
        var condition = cluster.condition("PodsUpdated");
        return condition.path("status").asText().equals("True")
                && condition.path("observedGeneration").asLong()
                        == resource.at("/metadata/generation").asLong();
    }

    private static Map<String, String> uids() {
        Map<String, String> uids = new HashMap<>();
        cluster.pods().forEach(pod -> {
            ObjectMeta metadata = pod.getMetadata();
            uids.put(metadata.getName(), metadata.getUid());
        });
        return uids;
    }
}
