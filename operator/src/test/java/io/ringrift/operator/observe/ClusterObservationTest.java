package io.ringrift.operator.observe;

import static io.ringrift.operator.observe.Reports.healthy;
import static io.ringrift.operator.observe.Reports.of;
import static io.ringrift.operator.observe.Reports.three;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterObservationTest {
    @Test
    void theLeadershipWithTheHighestEpochHolds() {
        var seen = three(
                healthy("demo-0", 1, "demo-0", 4),
                healthy("demo-1", 1, "demo-1", 5),
                healthy("demo-2", 1, "demo-0", 4));
        assertThat(seen.leadership().orElseThrow().leader()).contains("demo-1");
        assertThat(seen.leadership().orElseThrow().epoch()).isEqualTo(5);
    }

    @Test
    void ofTheSameEpochALeaderCountsMoreThanNone() {
        var seen =
                three(healthy("demo-0", 1, null, 5), healthy("demo-1", 1, "demo-1", 5), healthy("demo-2", 1, null, 5));
        assertThat(seen.leadership().orElseThrow().leader()).contains("demo-1");
    }

    @Test
    void nobodyLeadsWhereTheHighestEpochSaysSo() {
        var seen = three(healthy("demo-0", 1, "demo-0", 4), healthy("demo-1", 1, null, 5));
        assertThat(seen.leadership().orElseThrow().leader()).isEmpty();
    }

    @Test
    void withoutReportsNothingIsKnown() {
        assertThat(three().leadership()).isEmpty();
        assertThat(three().states()).isEmpty();
        assertThat(three().majority(AgentReport::viewHash)).isEmpty();
    }

    @Test
    void theMajoritySaysWhoIsAlive() {
        var seen = three(
                of("demo-0", 1, "demo-0", 1, Map.of("demo-1", "ALIVE", "demo-2", "FAILED")),
                of("demo-1", 1, "demo-0", 1, Map.of("demo-0", "ALIVE", "demo-2", "FAILED")),
                of("demo-2", 1, null, 1, Map.of("demo-0", "FAILED", "demo-1", "FAILED")));
        assertThat(seen.states()).isEqualTo(Map.of("demo-0", "ALIVE", "demo-1", "ALIVE", "demo-2", "FAILED"));
    }

    @Test
    void betweenEqualVotesTheWorseHolds() {
        var seen = three(
                of("demo-0", 1, "demo-0", 1, Map.of("demo-2", "ALIVE")),
                of("demo-1", 1, "demo-0", 1, Map.of("demo-2", "SUSPECTED")));
        assertThat(seen.states()).containsEntry("demo-2", "SUSPECTED");
    }

    @Test
    void theHighestGenerationIsAnyAgents() {
        assertThat(three(healthy("demo-0", 2, null, 0), healthy("demo-1", 1, null, 0))
                        .highestGeneration())
                .isEqualTo(2);
        assertThat(three().highestGeneration()).isZero();
    }

    @Test
    void aRefusedGenerationHasBeenHandedOutToo() {
        var seen = three(Reports.refusing(healthy("demo-0", 2, null, 0), 7, "no"));
        assertThat(seen.highestGeneration()).isEqualTo(7);
    }

    @Test
    void aSilentAgentIsTroubleOnlyInAReadyPod() {
        var ready = three();
        Map<String, PodObservation> pods = new HashMap<>(ready.pods());
        pods.put("demo-2", Reports.pod("demo-2", false, false, java.util.OptionalLong.empty()));
        var silent = new AgentReply.Silent("nothing listens at its address");
        var seen = new ClusterObservation(ready.members(), pods, Map.of("demo-1", silent, "demo-2", silent));
        assertThat(seen.silent()).containsExactly("demo-1");
        assertThat(seen.readyPods()).isEqualTo(2);
    }

    @Test
    void viewsAgreeWhenAllHashesAreOne() {
        assertThat(three(healthy("demo-0", 1, null, 0), healthy("demo-1", 1, null, 0))
                        .viewsAgree())
                .isTrue();
        AgentReport other = healthy("demo-2", 1, null, 0);
        AgentReport differing = new AgentReport(
                other.nodeId(),
                other.generation(),
                Optional.empty(),
                other.modes(),
                false,
                true,
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                "w",
                other.view());
        assertThat(three(healthy("demo-0", 1, null, 0), differing).viewsAgree()).isFalse();
    }

    @Test
    void whatMostSayDoesNotFlap() {
        var seen = three(healthy("demo-0", 1, null, 0), healthy("demo-1", 1, null, 0));
        assertThat(seen.majority(AgentReport::nodeId)).contains("demo-0");
        assertThat(List.of(1, 2, 3))
                .allSatisfy(
                        again -> assertThat(seen.majority(AgentReport::nodeId)).contains("demo-0"));
    }
}
