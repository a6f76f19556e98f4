package io.ringrift.operator.roll;

import static io.ringrift.operator.observe.Reports.healthy;
import static io.ringrift.operator.observe.Reports.leaving;
import static io.ringrift.operator.observe.Reports.pod;
import static io.ringrift.operator.observe.Reports.three;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.operator.observe.AgentReport;
import io.ringrift.operator.observe.ClusterObservation;
import io.ringrift.operator.observe.PodObservation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Of three members demo-1 leads. */
class LeavingLeaderTest {
    @Test
    void aLeaderThatStaysIsNotAsked() {
        assertThat(leader(bully(), pod("demo-1"))).isEmpty();
        assertThat(leader(bully(), leaving("demo-0"))).isEmpty();
    }

    @Test
    void aLeaderThatLeavesIs() {
        assertThat(leader(bully(), leaving("demo-1"))).contains("demo-1");
    }

    @Test
    void whereNobodyElseIsReadyItGoesOn() {
        assertThat(leader(bully(), leaving("demo-1"), leaving("demo-0"), unready("demo-2")))
                .isEmpty();
    }

    @Test
    void ofRaftsLeadersOnlyVotersFollow() {
        assertThat(leader(raft("demo-0", "demo-1"), leaving("demo-1"))).contains("demo-1");
        assertThat(leader(raft("demo-0", "demo-1"), leaving("demo-1"), unready("demo-0")))
                .isEmpty();
    }

    @Test
    void withoutReportsNobodyIsAsked() {
        assertThat(LeavingLeader.of(with(three(), leaving("demo-1")))).isEmpty();
    }

    private static Optional<String> leader(ClusterObservation seen, PodObservation... pods) {
        return LeavingLeader.of(with(seen, pods)).map(PodObservation::name);
    }

    private static ClusterObservation bully() {
        return three(report("demo-0"), report("demo-1"), report("demo-2"));
    }

    private static ClusterObservation raft(String... voters) {
        var peer = new AgentReport.RaftPeer(
                true,
                Optional.empty(),
                Optional.of("demo-1"),
                3,
                Set.of(voters),
                OptionalLong.empty(),
                OptionalLong.empty(),
                false);
        return three(List.of("demo-0", "demo-1", "demo-2").stream()
                .map(node -> report(node)
                        .with()
                        .raft(Optional.of(peer))
                        .source(Optional.of("raft"))
                        .build())
                .toArray(AgentReport[]::new));
    }

    private static AgentReport report(String node) {
        return healthy(node, 1, "demo-1", 4);
    }

    private static PodObservation unready(String name) {
        return pod(name, false, false, OptionalLong.empty());
    }

    private static ClusterObservation with(ClusterObservation seen, PodObservation... changed) {
        Map<String, PodObservation> pods = new HashMap<>(seen.pods());
        List.of(changed).forEach(pod -> pods.put(pod.name(), pod));
        return new ClusterObservation(seen.members(), pods, seen.replies());
    }
}
