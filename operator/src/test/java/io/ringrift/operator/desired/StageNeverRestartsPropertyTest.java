package io.ringrift.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.operator.api.AgentSpec;
import io.ringrift.operator.api.ConsensusMode;
import io.ringrift.operator.api.ConsensusSpec;
import io.ringrift.operator.api.HttpSpec;
import io.ringrift.operator.api.LogLevel;
import io.ringrift.operator.api.MembershipMode;
import io.ringrift.operator.api.MembershipSpec;
import io.ringrift.operator.api.RaftProfile;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.api.RingRiftClusterSpec;
import io.ringrift.operator.api.RingRiftClusterStatus;
import io.ringrift.operator.api.RolloutSpec;
import io.ringrift.operator.api.SwimProfile;
import io.ringrift.operator.api.SwimSpec;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The promise of the product: whatever the roll-out changes, no pod is restarted for it. */
class StageNeverRestartsPropertyTest {

    private static final String SHAPE = """
            stage: 0
            storage: {size: 1Gi}
            template: {metadata: {labels: {a: b}}, spec: {containers: [{name: work, image: work}]}}
            """;

    @Property
    void thePodTemplateDependsOnNothingThatMayChangeWhilePodsRun(@ForAll("tuned") RingRiftClusterSpec tuned) {
        RingRiftCluster cluster = Clusters.cluster(SHAPE);
        var before = DesiredStatefulSet.of(ClusterModel.of(cluster, Clusters.IMAGE));

        cluster.setSpec(tuned);
        var after = DesiredStatefulSet.of(ClusterModel.of(cluster, Clusters.IMAGE));

        assertThat(after.getSpec().getTemplate()).isEqualTo(before.getSpec().getTemplate());
        after.getSpec().setReplicas(before.getSpec().getReplicas());
        assertThat(after).isEqualTo(before);
    }

    @Property(tries = 200)
    void anotherOperatorVersionChangesNothing(@ForAll("tuned") RingRiftClusterSpec tuned) {
        RingRiftCluster cluster = Clusters.cluster(SHAPE);
        cluster.setSpec(tuned);
        cluster.setStatus(new RingRiftClusterStatus(
                null, null, null, null, null, null, null, null, null, null, null, "recorded:1", null, null));

        assertThat(DesiredStatefulSet.of(ClusterModel.of(cluster, "ringrift/agent:9.9.9")))
                .isEqualTo(DesiredStatefulSet.of(ClusterModel.of(cluster, "ringrift/agent:0.1.0")));
    }

    @Provide
    Arbitrary<RingRiftClusterSpec> tuned() {
        var shape = Clusters.cluster(SHAPE).getSpec();
        return Combinators.combine(
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(1, 50),
                        membership(),
                        consensus(),
                        Arbitraries.of(LogLevel.class),
                        Arbitraries.of("0s", "30m", "24h"))
                .as((stage, replicas, membership, consensus, level, soak) -> new RingRiftClusterSpec(
                        stage,
                        replicas,
                        shape.template(),
                        null,
                        new AgentSpec(null, null, level),
                        membership,
                        consensus,
                        shape.storage(),
                        new RolloutSpec(soak, null, null, null, null),
                        shape.security(),
                        shape.ports()));
    }

    private static Arbitrary<MembershipSpec> membership() {
        Arbitrary<SwimSpec> swim = Combinators.combine(
                        time(),
                        time(),
                        time(),
                        Arbitraries.integers().between(1, 10).injectNull(0.3),
                        Arbitraries.integers().between(1, 100).injectNull(0.3))
                .as(SwimSpec::new);
        Arbitrary<HttpSpec> http = Combinators.combine(time(), time(), time()).as(HttpSpec::new);
        return Combinators.combine(
                        Arbitraries.of(MembershipMode.class).injectNull(0.3),
                        Arbitraries.of(true, false),
                        Arbitraries.of(SwimProfile.class),
                        swim,
                        http)
                .as(MembershipSpec::new);
    }

    private static Arbitrary<ConsensusSpec> consensus() {
        Arbitrary<List<String>> names = Arbitraries.integers()
                .between(0, 5)
                .map(count ->
                        IntStream.range(0, count).mapToObj(i -> "demo-" + i).toList());
        return Combinators.combine(
                        Arbitraries.of(ConsensusMode.class).injectNull(0.3),
                        Arbitraries.of(true, false),
                        Arbitraries.of(1, 3, 5).injectNull(0.3),
                        names,
                        Arbitraries.of(RaftProfile.class),
                        Arbitraries.integers().between(0, 9))
                .as(ConsensusSpec::new);
    }

    private static Arbitrary<String> time() {
        return Arbitraries.integers()
                .between(1, 60_000)
                .map(milliseconds -> milliseconds + "ms")
                .injectNull(0.3);
    }
}
