package io.ringrift.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringrift.operator.kube.KubeApi;
import io.ringrift.operator.kube.KubeApi.Write;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the API server's audit log says of a cluster that rests: nothing. An API server of its own keeps others' writes out. */
class SteadyIT {
    /** A whole minute with {@code -Dringrift.steady.seconds=60}. */
    private static final Duration WATCHED = Duration.ofSeconds(Integer.getInteger("ringrift.steady.seconds", 10));

    private static KubeApi api;

    @BeforeAll
    static void start() {
        api = KubeApi.start();
        api.installCrd();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void writesNothingWhileNothingChanges() {
        String namespace = api.newNamespace();
        try (var _ = RunningOperator.in(api, namespace);
                var good = new TestCluster(api.client(), namespace, "good")
                        .create("{stage: 1, replicas: 5}")
                        .run(5);
                var bad = new TestCluster(api.client(), namespace, "bad")
                        .create("{stage: 0, template: {spec: {containers: [{name: main}]}}}")) {
            good.awaitCondition("Ready", "True");
            bad.awaitCondition("TemplateAccepted", "False");
            awaitQuiet();

            assertQuietFor(WATCHED);
        }
    }

    @Test
    void writesNothingWhenItIsRestarted() {
        String namespace = api.newNamespace();
        try (var cluster = new TestCluster(api.client(), namespace, "restart")) {
            try (var _ = RunningOperator.in(api, namespace)) {
                cluster.create(
                                "{stage: 0, replicas: 3, template: {spec: {containers: [{name: main, image: app, resources: {limits: {cpu: 1000m, memory: 1024Mi}}, args: []}]}}}")
                        .run(3);
                cluster.awaitCondition("Ready", "True");
                awaitQuiet();
            }
            try (var _ = RunningOperator.in(api, namespace)) {
                assertQuietFor(Duration.ofSeconds(5));
            }
        }
    }

    /** Until two seconds have gone by without a write. */
    private static void awaitQuiet() {
        int[] seen = {-1};
        long[] since = {0};
        await("quiet")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(250))
                .until(() -> {
                    int now = writes().size();
                    if (now != seen[0]) {
                        seen[0] = now;
                        since[0] = System.nanoTime();
                    }
                    return System.nanoTime() - since[0] > Duration.ofSeconds(2).toNanos();
                });
    }

    private static void assertQuietFor(Duration time) {
        int before = writes().size();
        await().during(time)
                .atMost(time.plusSeconds(20))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    List<Write> all = writes();
                    assertThat(all.subList(before, all.size())).isEmpty();
                });
        System.out.println("steady: 0 writes in " + time.toSeconds() + " s");
    }

    /** Writes of the operator and of the test; the API server's own housekeeping is left out. */
    private static List<Write> writes() {
        return api.writes().stream()
                .filter(write -> write.userAgent().startsWith("fabric8"))
                .toList();
    }
}
