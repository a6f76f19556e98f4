package io.ringrift.operator.desired;

import static io.ringrift.operator.desired.Clusters.cluster;
import static io.ringrift.operator.desired.Clusters.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.ringrift.operator.api.RingRiftClusterStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterModelTest {

    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "3,3", "4,3", "9,3"})
    void votersAreTheLargestOddNumberOfAtMostThree(int replicas, int voters) {
        ClusterModel model = model("{stage: 0, replicas: " + replicas + "}");

        assertThat(model.members()).hasSize(replicas);
        assertThat(model.voters()).isEqualTo(model.members().subList(0, voters));
    }

    @Test
    void votersAreThoseThatAreNamed() {
        assertThat(model("{stage: 0, replicas: 5, consensus: {voterNames: [demo-4, demo-2, demo-0]}}")
                        .voters())
                .containsExactly("demo-4", "demo-2", "demo-0");
    }

    @Test
    void theImageIsTheResourcesThenTheRecordedThenTheOperators() {
        var cluster = cluster("");
        assertThat(ClusterModel.of(cluster, "ours:2").agentImage()).isEqualTo("ours:2");

        cluster.setStatus(recorded("ours:1"));
        assertThat(ClusterModel.of(cluster, "ours:2").agentImage())
                .as("an upgrade of the operator changes nothing")
                .isEqualTo("ours:1");

        var pinned = cluster("{stage: 0, agent: {image: 'theirs:3'}}");
        pinned.setStatus(recorded("ours:1"));
        assertThat(ClusterModel.of(pinned, "ours:2").agentImage()).isEqualTo("theirs:3");
    }

    @Test
    void whatIsMadeBelongsToTheResource() {
        OwnerReference owner =
                model("").metadata("anything").getOwnerReferences().getFirst();

        assertThat(owner.getApiVersion()).isEqualTo("ringrift.io/v1alpha1");
        assertThat(owner.getKind()).isEqualTo("RingRiftCluster");
        assertThat(owner.getUid()).isEqualTo(model("").uid());
        assertThat(owner.getController()).isTrue();
    }

    private static RingRiftClusterStatus recorded(String image) {
        return new RingRiftClusterStatus(
                null, null, null, null, null, null, null, null, null, null, null, image, null, null);
    }
}
