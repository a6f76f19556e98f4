package io.ringrift.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A change of the mounted configuration that makes no sense, made by hand while no operator is there to undo it. */
@OnKubernetes
@Order(5)
class BadConfigurationIT {

    private static RingRift cluster;

    @BeforeAll
    static void apply(Kubernetes kubernetes, Release release) {
        cluster = RingRift.of(kubernetes, "config", "calm", "{stage: 0, replicas: 1}");
        cluster.awaitReadyWith(1);
    }

    @AfterAll
    static void remove(Release release) {
        cluster.close();
    }

    @Test
    void isRefusedWholeAndSeenByEverybody(Release release) {
        var lives = cluster.lives();
        var before = cluster.agent("calm-0", "/status").path("config");
        long next = before.path("generation").asLong() + 1;
        String good = cluster.runtime().getData().get("RINGRIFT_HTTP_POLL_INTERVAL");

        release.pause();
        try {
            cluster.kubectl("patch", "configmap", "calm-runtime", "--type=merge", "-p", """
                            {"data": {"RINGRIFT_HTTP_POLL_INTERVAL": "often", "RINGRIFT_MEMBERSHIP_MODE": "rumour",
                                      "RINGRIFT_CONFIG_GENERATION": "%d"}}""".formatted(next))
                    .ok();
            // The kubelet renews a pod's files at once when the pod changes, and within minutes when it does not.
            cluster.kubectl("annotate", "pod", "calm-0", "example.com/touched=now")
                    .ok();

            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                var config = cluster.agent("calm-0", "/status").path("config");
                assertThat(config.path("generation")).isEqualTo(before.path("generation"));
                assertThat(config.at("/refused/generation").asLong()).isEqualTo(next);
                assertThat(config.at("/refused/problems").toString())
                        .contains("RINGRIFT_HTTP_POLL_INTERVAL", "often", "RINGRIFT_MEMBERSHIP_MODE", "rumour");
            });
            assertThat(cluster.agent("calm-0", "/status")
                            .at("/swim_raft/membership_mode")
                            .asText())
                    .isEqualTo("http");
        } finally {
            release.resume();
        }

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                cluster.kubectl("describe", "rrc", "calm").ok())
                        .contains("ConfigurationRefused", "RINGRIFT_HTTP_POLL_INTERVAL"));
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(cluster.runtime().getData()).containsEntry("RINGRIFT_HTTP_POLL_INTERVAL", good);
            assertThat(cluster.agent("calm-0", "/status").at("/config/refused").isNull())
                    .isTrue();
        });
        assertThat(cluster.lives()).isEqualTo(lives);
    }
}
