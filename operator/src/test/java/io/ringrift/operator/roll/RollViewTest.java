package io.ringrift.operator.roll;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.api.RingRiftClusterSpec;
import io.ringrift.operator.desired.ClusterModel;
import io.ringrift.operator.observe.ClusterObservation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RollViewTest {
    private static final String DIGEST = "ringrift.io/template";
    private static final String RESTARTED = "kubectl.kubernetes.io/restartedAt";

    @Test
    void aPodIsOutdatedByWhatAUserSaidAndNotByWhatAnOperatorWroteDownOtherwise() {
        StatefulSet workload = workload(Map.of(DIGEST, "a", "operator.example.com/new", "since this version"), 1);

        assertThat(view(workload, pod("demo-0", Map.of(DIGEST, "a"))).outdated())
                .as("an upgrade of the operator alone")
                .isEmpty();
        assertThat(view(workload, pod("demo-0", Map.of(DIGEST, "b"))).outdated())
                .extracting(RollPod::name)
                .containsExactly("demo-0");
        assertThat(view(workload(Map.of(DIGEST, "a", RESTARTED, "now"), 1), pod("demo-0", Map.of(DIGEST, "a")))
                        .outdated())
                .as("kubectl rollout restart")
                .hasSize(1);
    }

    @Test
    void readsAPod() {
        Pod ready = new PodBuilder(pod("demo-0", Map.of()))
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .withLastTransitionTime("2026-01-01T00:00:00Z")
                .endCondition()
                .endStatus()
                .build();
        assertThat(view(workload(Map.of(), 1), ready).pods().get("demo-0").readySince())
                .contains(Instant.parse("2026-01-01T00:00:00Z"));

        Pod leaving = new PodBuilder(ready)
                .editMetadata()
                .withDeletionTimestamp("2026-01-01T00:00:01Z")
                .endMetadata()
                .build();
        RollPod seen = view(workload(Map.of(), 1), leaving).pods().get("demo-0");
        assertThat(seen.leaving()).isTrue();
        assertThat(seen.readySince()).isEmpty();
        assertThat(seen.answers()).isFalse();
    }

    @Test
    void waitsUntilTheControllerHasSeenTheTemplateAndTouchesNoPodWithoutAWorkload() {
        Pod old = pod("demo-0", Map.of(DIGEST, "b"));
        assertThat(view(workload(Map.of(DIGEST, "a"), 0), old).held()).isPresent();
        assertThat(view(workload(Map.of(DIGEST, "a"), 1), old).held()).isEmpty();

        RollView none = RollView.of(model(), Optional.empty(), Stream.of(old), observation(), 0, Optional.empty());
        assertThat(none.outdated()).isEmpty();
        assertThat(none.progress().underWay()).isFalse();
    }

    @Test
    void whoElectsDependsOnTheStage() {
        StatefulSet workload = workload(Map.of(), 1);
        assertThat(view(workload).electors()).containsExactlyInAnyOrder("demo-0", "demo-1", "demo-2", "demo-3");
        RollView raft = RollView.of(model(), Optional.of(workload), Stream.of(), observation(), 4, Optional.empty());
        assertThat(raft.electors()).isEqualTo(Set.of("demo-0", "demo-1", "demo-2"));
        assertThat(raft.raft()).isTrue();
    }

    private static RollView view(StatefulSet workload, Pod... pods) {
        return RollView.of(model(), Optional.of(workload), Stream.of(pods), observation(), 0, Optional.empty());
    }

    private static ClusterModel model() {
        var cluster = new RingRiftCluster();
        cluster.getMetadata().setName("demo");
        cluster.getMetadata().setNamespace("games");
        cluster.getMetadata().setUid("uid");
        cluster.setSpec(new RingRiftClusterSpec(0, 4, null, null, null, null, null, null, null, null, null));
        return ClusterModel.of(cluster, "agent:1");
    }

    private static ClusterObservation observation() {
        return new ClusterObservation(List.of("demo-0", "demo-1", "demo-2", "demo-3"), Map.of(), Map.of());
    }

    private static StatefulSet workload(Map<String, String> annotations, long observed) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withGeneration(1L)
                .endMetadata()
                .withNewSpec()
                .withNewTemplate()
                .withNewMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .endTemplate()
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(observed)
                .endStatus()
                .build();
    }

    private static Pod pod(String name, Map<String, String> annotations) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withUid("uid-" + name)
                .withAnnotations(annotations)
                .endMetadata()
                .build();
    }
}
