package io.ringrift.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A workload and its agent in one pod. */
@OnKubernetes
@Order(2)
class SidecarIT {

    private static RingRift trainer;

    /** Asks its agent as the first and as the last thing that it does, and leaves the answers as its last words. */
    private static final String PROGRAM = """
            ask() { wget -qO- $RINGRIFT_URL/status >/dev/null && echo answered || echo silent; }
            first=$(ask)
            trap 'echo "first $first, last $(ask), credential ${#RINGRIFT_CLUSTER_AUTH_TOKEN}" >/dev/termination-log; exit 0' TERM
            echo started
            sleep 3600 & wait
            """;

    @BeforeAll
    static void applyAWorkload(Kubernetes kubernetes, Release release) {
        trainer = RingRift.of(kubernetes, "trainer", "trainer", """
                {stage: 0, replicas: 1, template: {spec: {
                  containers: [{name: trainer, image: "%s", command: [/bin/sh, -c, %s]}]}}}
                """.formatted(
                        Release.image("helper"), Serialization.asJson(PROGRAM)));
        trainer.awaitReady();
    }

    @AfterAll
    static void remove() {
        trainer.close();
    }

    @Test
    @Order(1)
    void runsTheAgentAsANativeSidecarAndTellsTheWorkloadWhereItIs() {
        var spec = trainer.pods().getFirst().getSpec();
        var agent = spec.getInitContainers().getFirst();
        assertThat(agent.getName()).isEqualTo("ringrift-agent");
        assertThat(agent.getRestartPolicy()).isEqualTo("Always");

        var environment = spec.getContainers().getFirst().getEnv();
        assertThat(environment).anySatisfy(variable -> {
            assertThat(variable.getName()).isEqualTo("RINGRIFT_URL");
            assertThat(variable.getValue()).isEqualTo("http://127.0.0.1:8770");
        });
        assertThat(environment).anySatisfy(variable -> {
            assertThat(variable.getName()).isEqualTo("RINGRIFT_CLUSTER_AUTH_TOKEN");
            assertThat(variable.getValueFrom().getSecretKeyRef().getName()).isEqualTo("trainer-credential");
        });
        assertThat(agent.getEnv())
                .as("what may change at run time is not in the pod")
                .noneMatch(variable -> variable.getName().contains("MODE")
                        || variable.getName().contains("ENABLED")
                        || variable.getName().contains("VOTERS"));
    }

    @Test
    @Order(2)
    void startsTheAgentFirstAndStopsItLast(Kubernetes kubernetes) {
        await().untilAsserted(() -> assertThat(
                        trainer.kubectl("logs", "trainer-0", "-c", "trainer").ok())
                .contains("started"));

        var seen = new CopyOnWriteArrayList<Pod>();
        String uid = trainer.pods().getFirst().getMetadata().getUid();
        try (var watch = kubernetes.client().pods().inNamespace("trainer").watch(new Recorder(uid, seen))) {
            trainer.kubectl("delete", "pod", "trainer-0", "--timeout=40s").ok();
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(seen)
                            .anyMatch(pod -> workload(pod).getState().getTerminated() != null));
        }

        var ended = seen.stream()
                .filter(pod -> workload(pod).getState().getTerminated() != null)
                .findFirst()
                .orElseThrow();
        assertThat(workload(ended).getState().getTerminated().getMessage())
                .matches("first answered, last answered, credential [1-9][0-9]+\\s*");
        assertThat(ended.getStatus().getInitContainerStatuses())
                .as("the agent still ran when the workload had ended")
                .allMatch(agent -> agent.getState().getRunning() != null
                        || agent.getState()
                                        .getTerminated()
                                        .getFinishedAt()
                                        .compareTo(workload(ended)
                                                .getState()
                                                .getTerminated()
                                                .getFinishedAt())
                                >= 0);
    }

    /** The agent is told to end when the workload has: a leader that waited for that would lead from a pod that is in no Service. */
    @Test
    @Order(3)
    void leadershipLeavesAPodThatIsDeletedBeforeItsWorkloadHasEnded() {
        RingRift slow = trainer.beside("slow", """
                {stage: 0, replicas: 3, template: {spec: {
                  containers: [{name: worker, image: "%s", command: [/bin/sh, -c, "trap 'sleep 15; exit 0' TERM; sleep 3600 & wait"]}]}}}
                """.formatted(Release.image("helper")));
        slow.awaitReady();
        String before = slow.leader();
        long epoch = slow.epoch();

        slow.kubectl("delete", "pod", before, "--wait=false").ok();

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(slow.leader()).isNotEmpty().isNotEqualTo(before);
            assertThat(slow.epoch()).isGreaterThan(epoch);
        });
        assertThat(slow.pods())
                .as("the workload has not ended yet")
                .anyMatch(pod -> pod.getMetadata().getName().equals(before)
                        && pod.getMetadata().getDeletionTimestamp() != null);
        assertThat(slow.agent(before, "/status").path("draining").asBoolean()).isTrue();
    }

    private static ContainerStatus workload(Pod pod) {
        return pod.getStatus().getContainerStatuses().getFirst();
    }

    /** Everything that happens to one pod. */
    private record Recorder(String uid, List<Pod> seen) implements Watcher<Pod> {
        @Override
        public void eventReceived(Action action, Pod pod) {
            if (pod.getMetadata().getUid().equals(uid)) {
                seen.add(pod);
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            throw new AssertionError("the watch ended before the test did", cause);
        }
    }
}
