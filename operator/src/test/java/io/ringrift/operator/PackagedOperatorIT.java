package io.ringrift.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.ringrift.operator.kube.FreePorts;
import io.ringrift.operator.kube.KubeApi;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The jar as it is shipped, as processes, with no more rights than the chart gives. */
class PackagedOperatorIT {
    private static final Duration START = Duration.ofSeconds(60);

    /** The lease of a dead operator, and the time until the next one looks. */
    private static final Duration TAKE_OVER = Duration.ofSeconds(60);

    /** Watches and electors try again every few seconds. */
    private static final Duration AFTER_OUTAGE = Duration.ofSeconds(15);

    private static KubeApi api;
    private static KubernetesClient client;

    @BeforeAll
    static void start() {
        api = KubeApi.start();
        api.installCrd();
        client = api.client();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void oneOfTwoWorksAndTheOtherTakesOver() throws InterruptedException {
        String home = api.newNamespace();
        String namespace = api.newNamespace();
        api.grantChartRights(home, List.of());
        Map<String, String> environment = environment(home);
        try (var first = new PackagedOperator("first", FreePorts.take(), environment);
                var second = new PackagedOperator("second", FreePorts.take(), environment);
                var cluster = new TestCluster(client, namespace, "demo")) {
            Stream.of(first, second).forEach(PackagedOperatorIT::awaitReady);
            cluster.create("{stage: 0, replicas: 3, security: {tls: true}}").run(3);
            cluster.awaitCondition("Ready", "True");
            String holder = holder(home);
            PackagedOperator leader = holder.equals("first") ? first : second;
            PackagedOperator standby = leader == first ? second : first;
            assertThat(holder).isIn("first", "second");
            assertThat(leader.code("/q/health/live")).isEqualTo(200);
            assertThat(leader.code("/q/health/started")).isEqualTo(200);
            assertThat(leader.body("/q/metrics")).contains("operator_sdk_");
            System.out.println(
                    "operator: " + leader.residentMegabytes() + " MB resident with one cluster and no AOT cache, "
                            + standby.residentMegabytes() + " MB standing by");

            leader.process.destroyForcibly().waitFor();
            cluster.edit("{agent: {logLevel: DEBUG}}");
            awaitReconciled(cluster, TAKE_OVER);
            assertThat(holder(home)).isEqualTo(standby.name);

            standby.process.destroy();
            assertThat(standby.process.waitFor(15, TimeUnit.SECONDS))
                    .as("SIGTERM ends an operator that leads, log in " + standby.log)
                    .isTrue();
            assertThat(holder(home)).as("and the next need not wait").isEmpty();
        }
    }

    @Test
    void anApiServerThatWasAwayLongerThanTheLeaseFindsTheSameProcess() {
        String home = api.newNamespace();
        String namespace = api.newNamespace();
        api.grantChartRights(home, List.of());
        try (var operator = new PackagedOperator("steady", FreePorts.take(), environment(home));
                var cluster = new TestCluster(client, namespace, "demo")) {
            awaitReady(operator);
            cluster.create("{stage: 0, replicas: 1}").run(1);
            cluster.awaitCondition("Ready", "True");

            api.goAway();
            awaitLog(operator, "The lease ringrift-operator was not renewed");
            api.comeBack();
            cluster.edit("{agent: {logLevel: DEBUG}}");
            awaitReconciled(cluster, AFTER_OUTAGE);
            awaitLog(operator, "The lease ringrift-operator is renewed again");
            assertThat(operator.process.isAlive()).isTrue();
            assertThat(holder(home)).isEqualTo(operator.name);
        }
    }

    @Test
    void oneThatSleptUntilAnotherTookTheLeaseEnds() throws Exception {
        String home = api.newNamespace();
        api.grantChartRights(home, List.of());
        try (var first = new PackagedOperator("first", FreePorts.take(), environment(home))) {
            awaitReady(first);
            await("it leads").atMost(START).until(() -> first.name.equals(holder(home)));
            first.signal("STOP");
            try (var second = new PackagedOperator("second", FreePorts.take(), environment(home))) {
                await("the other leads").atMost(TAKE_OVER).until(() -> second.name.equals(holder(home)));
                first.signal("CONT");
                assertThat(first.process.waitFor(TAKE_OVER.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                assertThat(first.process.exitValue()).isEqualTo(1);
                awaitLog(first, "Another operator, second, has taken the lease");
            }
        }
    }

    @Test
    void looksAfterTheNamespacesItIsGivenAndNeedsNoRightsElsewhere() {
        String home = api.newNamespace();
        String watched = api.newNamespace();
        String other = api.newNamespace();
        api.grantChartRights(home, List.of(watched));
        Map<String, String> environment = environment(home);
        environment.put("QUARKUS_OPERATOR_SDK_CONTROLLERS_RINGRIFTCLUSTER_NAMESPACES", watched);
        try (var operator = new PackagedOperator("scoped", FreePorts.take(), environment);
                var foreign = new TestCluster(client, other, "foreign").create("{stage: 0}");
                var ours = new TestCluster(client, watched, "ours")) {
            awaitReady(operator);
            ours.create("{stage: 0, replicas: 1}").run(1);
            ours.awaitCondition("Ready", "True");
            assertThat(foreign.get().getStatus()).isNull();
            assertThat(foreign.workload().get()).isNull();
        }
    }

    private static void awaitReady(PackagedOperator operator) {
        await(operator.name + " is ready, log in " + operator.log)
                .atMost(START)
                .until(() -> operator.code("/q/health/ready") == 200);
    }

    private static void awaitReconciled(TestCluster cluster, Duration patience) {
        await("the spec as it is now is observed")
                .atMost(patience)
                .until(() -> cluster.get()
                        .getMetadata()
                        .getGeneration()
                        .equals(cluster.status().observedGeneration()));
    }

    private static void awaitLog(PackagedOperator operator, String words) {
        await("\"" + words + "\" in " + operator.log)
                .atMost(TAKE_OVER)
                .until(() -> Files.readString(operator.log).contains(words));
    }

    private static Map<String, String> environment(String home) {
        Map<String, String> environment = new HashMap<>(api.operatorEnvironment());
        environment.put("KUBERNETES_NAMESPACE", home);
        environment.put("RINGRIFT_LEASE_NAME", "ringrift-operator");
        environment.put("RINGRIFT_AGENT_IMAGE", "ringrift/agent:test");
        return environment;
    }

    private static String holder(String namespace) {
        Lease lease = client.leases()
                .inNamespace(namespace)
                .withName("ringrift-operator")
                .get();
        return lease == null ? null : lease.getSpec().getHolderIdentity();
    }
}
