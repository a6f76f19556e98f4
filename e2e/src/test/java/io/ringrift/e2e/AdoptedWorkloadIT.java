package io.ringrift.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A StatefulSet that somebody else owns gets the agent when its owner agrees, and is as before when the resource is gone. */
@OnKubernetes
@Order(4)
class AdoptedWorkloadIT {
    private static final Duration ROLLED = Duration.ofMinutes(4);

    /** Its Service does not publish pods before they are ready: agents find each other without it. */
    private static final String WORKLOAD = """
            apiVersion: v1
            kind: Service
            metadata: {name: theirs}
            spec: {clusterIP: None, selector: {app: theirs}}
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: theirs%s}
            spec:
              replicas: 3
              serviceName: theirs
              podManagementPolicy: Parallel
              selector: {matchLabels: {app: theirs}}
              template:
                metadata: {labels: {app: theirs}}
                spec:
                  terminationGracePeriodSeconds: 5
                  containers:
                    - {name: %s, image: "%s", command: [/bin/sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"]}
            """;

    private static Kubernetes kubernetes;
    private static RingRift cluster;

    @BeforeAll
    static void apply(Kubernetes started, Release release) {
        kubernetes = started;
        cluster = RingRift.of(
                started,
                "adopted",
                "adopted",
                "{stage: 0, workloadRef: {name: theirs}, rollout: {soak: 0s, verify: 2s, steps: [\"100%\"]}}");
        applyTheirs("", "main");
    }

    @AfterAll
    static void remove() {
        cluster.close();
    }

    @Test
    @Order(1)
    void waitsForTheOwner() {
        await().atMost(ROLLED)
                .untilAsserted(() -> assertThat(cluster.condition("WorkloadAccepted")
                                .path("reason")
                                .asText())
                        .isEqualTo("NotInvited"));
        assertThat(cluster.pods()).isEmpty();
    }

    @Test
    @Order(2)
    void joinsThePodsToAClusterOnceTheOwnerAgrees() {
        applyTheirs(", annotations: {ringrift.io/inject: adopted}", "main");
        awaitMembers();
        assertThat(cluster.leader()).startsWith("theirs-");
        cluster.walkTo(1);
    }

    @Test
    @Order(3)
    void keepsTheAgentWhenTheOwnerAppliesAgain() {
        applyTheirs(", annotations: {ringrift.io/inject: adopted}", "renamed");
        await().atMost(ROLLED)
                .untilAsserted(() -> assertThat(cluster.pods()).hasSize(3).allSatisfy(pod -> {
                    assertThat(pod.getSpec().getContainers().getFirst().getName())
                            .isEqualTo("renamed");
                    assertThat(pod.getSpec().getInitContainers().getFirst().getName())
                            .isEqualTo("ringrift-agent");
                }));
        awaitMembers();
    }

    @Test
    @Order(4)
    void isTakenOutWithTheResource() {
        cluster.kubectl("delete", "rrc", "adopted", "--timeout=60s").ok();
        cluster.kubectl("rollout", "status", "statefulset", "theirs", "--timeout=" + ROLLED.toSeconds() + "s")
                .ok();
        assertThat(cluster.kubectl("get", "statefulset", "theirs", "-o", "yaml").ok())
                .doesNotContain("ringrift-agent", "ringrift-config", "ringrift.io/cluster");
        assertThat(cluster.kubectl("get", "pods", "-l", "app=theirs", "-o", "yaml")
                        .ok())
                .doesNotContain("ringrift-agent");
    }

    private static void awaitMembers() {
        await().atMost(ROLLED).ignoreExceptions().until(() -> {
            var summary = cluster.status().path("summary");
            return cluster.condition("Ready").path("status").asText().equals("True")
                    && summary.path("ready").asText().equals("3/3")
                    && summary.path("alive").asText().equals("3/3");
        });
    }

    private static void applyTheirs(String metadata, String container) {
        kubernetes
                .kubectlWith(
                        WORKLOAD.formatted(metadata, container, Release.image("helper")),
                        "apply",
                        "-n",
                        "adopted",
                        "-f",
                        "-")
                .ok();
    }
}
