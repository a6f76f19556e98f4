package io.ringrift.operator.status;

import static io.ringrift.operator.observe.Reports.healthy;
import static io.ringrift.operator.observe.Reports.of;
import static io.ringrift.operator.observe.Reports.refusing;
import static io.ringrift.operator.observe.Reports.three;
import static io.ringrift.operator.observe.Reports.withRaft;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ringrift.operator.api.Phase;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.api.RingRiftClusterStatus;
import io.ringrift.operator.api.RolloutStatus;
import io.ringrift.operator.observe.AgentReport;
import io.ringrift.operator.observe.ClusterObservation;
import io.ringrift.operator.roll.RollProgress;
import io.ringrift.operator.rollout.Assignment;
import io.ringrift.operator.rollout.Decision;
import io.ringrift.operator.rollout.RolloutRecord;
import io.ringrift.operator.rollout.RolloutState;
import io.ringrift.operator.rollout.Setting;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatusReportTest {
    private static final List<String> VOTERS = List.of("demo-0", "demo-1", "demo-2");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(600);
    private static final ClusterObservation NONE = three();

    @Test
    void aHealthyClusterIsStable() {
        RingRiftClusterStatus status = report(cluster("{stage: 0}", null), allHealthy(), NOW);
        assertThat(status.phase()).isEqualTo(Phase.STABLE);
        assertThat(status.stage()).isZero();
        assertThat(status.lastGoodStage()).isZero();
        assertThat(status.summary().stage()).isEqualTo("0");
        assertThat(condition(status, "Ready").getMessage())
                .isEqualTo("All 3 members are ready in stage 0; demo-2 leads under epoch 4 (bully).");
        assertThat(status.history()).singleElement().satisfies(entry -> {
            assertThat(entry.stage()).isZero();
            assertThat(entry.result()).isEqualTo("Succeeded");
        });
    }

    @Test
    void whatDoesNotChangeIsWrittenTheSameLater() {
        RingRiftClusterStatus first = report(cluster("{stage: 0}", null), allHealthy(), NOW);
        assertThat(report(cluster("{stage: 0}", first), allHealthy(), LATER)).isEqualTo(first);
    }

    @Test
    void wordsAndCountsNeedNoRecordBeforeAnythingIsDone() {
        RingRiftClusterStatus stored = report(cluster("{stage: 0}", null), allHealthy(), NOW);
        assertThat(tellsOnly(stored.rollout().withMessage("others").withUpdated(1), stored))
                .isTrue();
        assertThat(tellsOnly(stored.rollout().withGeneration(9L), stored)).isFalse();
        assertThat(tellsOnly(stored.rollout().withPassingSince(NOW.toString()), stored))
                .isFalse();
        assertThat(StatusReport.tellsOnly(stored, null)).isFalse();
    }

    private static boolean tellsOnly(RolloutStatus rollout, RingRiftClusterStatus stored) {
        return StatusReport.tellsOnly(stored.with().rollout(rollout).build(), stored);
    }

    @Test
    void aConditionKeepsItsTimeWhileOnlyItsMessageChanges() {
        RingRiftClusterStatus first =
                report(cluster("{stage: 0}", null), three(healthy("demo-0", 1, "demo-2", 4)), NOW);
        RingRiftClusterStatus second = report(
                cluster("{stage: 0}", first),
                three(healthy("demo-0", 1, "demo-2", 4), healthy("demo-1", 1, "demo-2", 4)),
                LATER);
        assertThat(condition(second, "Ready").getMessage())
                .isNotEqualTo(condition(first, "Ready").getMessage());
        assertThat(condition(second, "Ready").getLastTransitionTime()).isEqualTo(NOW.toString());
        assertThat(condition(report(cluster("{stage: 0}", second), allHealthy(), LATER), "Ready")
                        .getLastTransitionTime())
                .isEqualTo(LATER.toString());
    }

    @Test
    void aRollOfPodsIsShownAndTakesNoReadiness() {
        RollProgress roll = new RollProgress(1, 3, true, Optional.of("demo-1 was evicted"));
        RingRiftClusterStatus status = StatusReport.of(new Facts(
                cluster("{stage: 0}", null),
                allHealthy(),
                rest(0, 1),
                RolloutRecord.write(rest(0, 1), null, NOW),
                "agent:1",
                Optional.empty(),
                List.of(),
                roll,
                Optional.empty(),
                NOW));
        String sentence = "Rolling pods: 1 of 3 run the new template; demo-1 was evicted.";
        assertThat(condition(status, "PodsUpdated").getStatus()).isEqualTo("False");
        assertThat(condition(status, "PodsUpdated").getMessage()).isEqualTo(sentence);
        assertThat(condition(status, "Progressing").getReason()).isEqualTo("RollingPods");
        assertThat(condition(status, "Progressing").getMessage()).isEqualTo(sentence);
        assertThat(condition(status, "Ready").getStatus()).isEqualTo("True");
        assertThat(status.phase()).isEqualTo(Phase.PENDING);

        RingRiftClusterStatus after = report(cluster("{stage: 0}", status), allHealthy(), LATER);
        assertThat(condition(after, "PodsUpdated").getStatus()).isEqualTo("True");
        assertThat(Transitions.between(status, after))
                .extracting(Transition::reason)
                .containsExactly("PodsUpdated");
    }

    @Test
    void theStageIsTheOldOneWhileTheClusterWalks() {
        RingRiftClusterStatus before = report(cluster("{stage: 0}", null), allHealthy(), NOW);
        Decision canary = decision(
                0,
                new Assignment(setting(0), 1, Set.of("demo-1"), setting(1), 2),
                Phase.CANARY,
                "1 of 3 agents try stage 1");
        RingRiftClusterStatus status = StatusReport.of(facts(cluster("{stage: 1}", before), allHealthy(), canary));
        assertThat(status.stage()).isZero();
        assertThat(status.summary().stage()).isEqualTo("0->1");
        assertThat(status.phase()).isEqualTo(Phase.CANARY);
        assertThat(condition(status, "Progressing").getMessage()).isEqualTo("1 of 3 agents try stage 1.");
        assertThat(condition(status, "Converged").getMessage()).contains("waiting for demo-1");
    }

    @Test
    void aNewClusterHasNoStageUntilEveryAgentRunsIt() {
        RingRiftClusterStatus status =
                report(cluster("{stage: 0}", null), three(healthy("demo-0", 1, "demo-0", 1)), NOW);
        assertThat(status.stage()).isNull();
        assertThat(status.summary().stage()).isEqualTo("->0");
        assertThat(status.phase()).isEqualTo(Phase.PENDING);
        assertThat(condition(status, "Converged").getMessage())
                .isEqualTo("1 of 3 agents run configuration 1 (stage 0); waiting for demo-1, demo-2.");
    }

    @Test
    void theEpochNeverGoesBack() {
        RingRiftClusterStatus first = report(cluster("{stage: 0}", null), allHealthy(), NOW);
        ClusterObservation forgetful = three(
                healthy("demo-0", 1, "demo-0", 2),
                healthy("demo-1", 1, "demo-0", 2),
                healthy("demo-2", 1, "demo-0", 2));
        RingRiftClusterStatus second = report(cluster("{stage: 0}", first), forgetful, LATER);
        assertThat(second.consensus().epoch()).isEqualTo(4);
        assertThat(second.consensus().leader()).isNull();
        assertThat(condition(second, "Degraded").getReason()).isEqualTo("EpochFell");
        assertThat(condition(second, "Degraded").getMessage())
                .contains("demo-0 leads under epoch 2, though 4 was seen");
    }

    @Test
    void saysThatDataIsLostAndWhatToDo() {
        AgentReport.RaftPeer lost = new AgentReport.RaftPeer(
                false,
                Optional.of("Data loss: a majority of the disks is gone"),
                Optional.empty(),
                7,
                Set.of("demo-0"),
                OptionalLong.empty(),
                OptionalLong.empty(),
                true);
        RingRiftCluster cluster = cluster("{stage: 0, consensus: {shadow: true, recoveryGeneration: 2}}", null);
        RingRiftClusterStatus before = report(cluster, allHealthy(), NOW);
        assertThat(condition(before, "DataLoss").getStatus()).isEqualTo("False");
        ClusterObservation seen = three(
                withRaft(healthy("demo-0", 1, "demo-2", 4), lost),
                healthy("demo-1", 1, "demo-2", 4),
                healthy("demo-2", 1, "demo-2", 4));
        RingRiftClusterStatus after = report(cluster, seen, LATER);
        assertThat(condition(after, "DataLoss").getStatus()).isEqualTo("True");
        assertThat(condition(after, "DataLoss").getMessage())
                .contains("demo-0: Data loss", "Bring the old disks back", "recoveryGeneration to 3");
        assertThat(condition(after, "Degraded").getReason()).isEqualTo("DataLoss");
        assertThat(Transitions.between(before, after))
                .extracting(Transition::reason)
                .containsExactly("DataLoss");
        assertThat(Transitions.between(after, before))
                .extracting(Transition::reason)
                .containsExactly("DataRecovered");
    }

    @Test
    void votersAreRaftsOwnWordWhereItRuns() {
        AgentReport.RaftPeer peer = new AgentReport.RaftPeer(
                true,
                Optional.empty(),
                Optional.of("demo-1"),
                7,
                Set.of("demo-1", "demo-0"),
                OptionalLong.of(0),
                OptionalLong.of(0),
                false);
        ClusterObservation seen = three(
                withRaft(healthy("demo-0", 1, "demo-2", 4), peer),
                withRaft(healthy("demo-1", 1, "demo-2", 4), peer),
                healthy("demo-2", 1, "demo-2", 4));
        RingRiftClusterStatus status = report(cluster("{stage: 0}", null), seen, NOW);
        assertThat(status.consensus().voters()).containsExactly("demo-0", "demo-1");
        assertThat(status.consensus().term()).isEqualTo(7);
    }

    @Test
    void saysWhoRefusedWhatAndWhy() {
        ClusterObservation seen = three(
                refusing(healthy("demo-0", 1, "demo-2", 4), 1, "RINGRIFT_SWIM_PORT 7947: taken"),
                refusing(healthy("demo-1", 1, "demo-2", 4), 1, "RINGRIFT_SWIM_PORT 7947: taken"),
                healthy("demo-2", 1, "demo-2", 4));
        RingRiftClusterStatus status = report(cluster("{stage: 0}", null), seen, NOW);
        assertThat(condition(status, "ConfigAccepted").getMessage())
                .isEqualTo("demo-0, demo-1 refused configuration 1: RINGRIFT_SWIM_PORT 7947: taken.");
        assertThat(status.phase()).isEqualTo(Phase.DEGRADED);
        assertThat(condition(status, "Degraded").getReason()).isEqualTo("ConfigurationRefused");
    }

    @Test
    void aRefusalIsShownUntilTheAgentHasTakenAnotherConfiguration() {
        ClusterObservation seen = three(refusing(healthy("demo-0", 2, "demo-2", 4), 1, "no"));
        RingRiftClusterStatus status = StatusReport.of(facts(cluster("{stage: 0}", null), seen, rest(0, 2)));
        assertThat(condition(status, "ConfigAccepted").getStatus()).isEqualTo("False");
    }

    @Test
    void failedMembersAreCountedAndNamed() {
        ClusterObservation seen = three(
                of("demo-0", 1, "demo-0", 4, Map.of("demo-1", "ALIVE", "demo-2", "FAILED")),
                of("demo-1", 1, "demo-0", 4, Map.of("demo-0", "ALIVE", "demo-2", "FAILED")));
        RingRiftClusterStatus status = report(cluster("{stage: 0}", null), seen, NOW);
        assertThat(status.membership().failed()).isEqualTo(1);
        assertThat(status.summary().alive()).isEqualTo("2/3");
        assertThat(condition(status, "Degraded").getMessage()).contains("demo-2 failed, as the other members see it.");
    }

    @Test
    void aRefusedTemplateLeavesWhatRunsReady() {
        RingRiftClusterStatus status = StatusReport.of(new Facts(
                cluster("{stage: 0}", null),
                allHealthy(),
                rest(0, 1),
                RolloutRecord.write(rest(0, 1), null, NOW),
                "agent:1",
                Optional.of("no such volume"),
                List.of(),
                RollProgress.NONE,
                Optional.empty(),
                NOW));
        assertThat(condition(status, "TemplateAccepted").getMessage()).isEqualTo("no such volume.");
        assertThat(condition(status, "Degraded").getReason()).isEqualTo("TemplateRefused");
        assertThat(condition(status, "Ready").getStatus()).isEqualTo("True");
    }

    @Test
    void aRefusedSpecKeepsWhatIsKnown() {
        RingRiftClusterStatus before = report(cluster("{stage: 0}", null), allHealthy(), NOW);
        RingRiftClusterStatus status =
                StatusReport.refused(cluster("{stage: 0}", before), List.of("spec.stage is 7", "and more"), LATER);
        assertThat(status.stage()).isZero();
        assertThat(status.consensus()).isEqualTo(before.consensus());
        assertThat(condition(status, "SpecAccepted").getMessage())
                .isEqualTo("spec.stage is 7; and more. What runs stays as it is.");
        assertThat(condition(status, "Ready").getStatus()).isEqualTo("False");
    }

    @Test
    void historyEndsAtTen() {
        RingRiftClusterStatus status = null;
        for (int turn = 0; turn < 15; turn++) {
            var arrived = new Decision.Transition(Decision.Kind.SUCCEEDED, "Promoted", "turn " + turn, 0, 1);
            Decision rest = rest(1, 1);
            Decision decision = new Decision(
                    rest.state(),
                    rest.assignment(),
                    rest.phase(),
                    3,
                    "",
                    List.of(),
                    List.of(arrived),
                    false,
                    Optional.empty());
            status = decided(status, NONE, decision);
        }
        assertThat(status.history()).hasSize(10);
        assertThat(status.history().getFirst().message()).isEqualTo("turn 14");
    }

    @Test
    void aNewLeaderIsWrittenBeforeTheRest() {
        RingRiftClusterStatus stored = report(cluster("{stage: 0}", null), allHealthy(), NOW);
        ClusterObservation other = three(healthy("demo-1", 1, "demo-1", 5), healthy("demo-2", 1, "demo-1", 5));
        RingRiftClusterStatus early = decided(stored, other, rest(0, 1));
        assertThat(early.consensus().leader()).isEqualTo("demo-1");
        assertThat(early.consensus().epoch()).isEqualTo(5);
        assertThat(StatusReport.tellsOnly(early, stored)).isFalse();
        assertThat(early.membership()).as("the report brings the rest").isEqualTo(stored.membership());

        ClusterObservation older = three(healthy("demo-1", 1, "demo-1", 3));
        ClusterObservation leaderless = three(of("demo-1", 1, null, 6, Map.of()));
        for (ClusterObservation nobody : List.of(NONE, older, leaderless, allHealthy())) {
            assertThat(decided(stored, nobody, rest(0, 1)).consensus()).isEqualTo(stored.consensus());
        }
        assertThat(decided(null, other, rest(0, 1)).consensus()).isNull();
    }

    @Test
    void tellsEachTransitionOnce() {
        RingRiftClusterStatus none = RingRiftClusterStatus.UNKNOWN;
        RingRiftClusterStatus first = report(cluster("{stage: 0}", null), allHealthy(), NOW);
        assertThat(Transitions.between(none, first))
                .extracting(Transition::reason)
                .containsExactly("StageReached", "LeaderElected");
        assertThat(Transitions.between(first, first)).isEmpty();

        ClusterObservation leaderless = three(
                of("demo-0", 1, null, 4, Map.of("demo-1", "ALIVE", "demo-2", "FAILED")),
                of("demo-1", 1, null, 4, Map.of("demo-0", "ALIVE", "demo-2", "FAILED")));
        RingRiftClusterStatus second = report(cluster("{stage: 0}", first), leaderless, LATER);
        assertThat(Transitions.between(first, second))
                .allMatch(Transition::warning)
                .extracting(Transition::reason)
                .containsExactly("LeaderLost", "MembersFailed");

        RingRiftClusterStatus third = report(cluster("{stage: 0}", second), allHealthy(), LATER);
        assertThat(Transitions.between(second, third))
                .extracting(Transition::message)
                .containsExactly("demo-2 leads under epoch 4 (bully).", "No member is failed any more.");
    }

    private static RingRiftClusterStatus decided(
            RingRiftClusterStatus stored, ClusterObservation seen, Decision decision) {
        return StatusReport.decided(
                cluster("{stage: 1}", stored),
                decision,
                RolloutRecord.write(decision, null, NOW),
                seen,
                "agent:1",
                NOW);
    }

    private static ClusterObservation allHealthy() {
        return three(
                healthy("demo-0", 1, "demo-2", 4),
                healthy("demo-1", 1, "demo-2", 4),
                healthy("demo-2", 1, "demo-2", 4));
    }

    private static RingRiftClusterStatus report(RingRiftCluster cluster, ClusterObservation seen, Instant now) {
        Decision rest = rest(0, 1);
        return StatusReport.of(new Facts(
                cluster,
                seen,
                rest,
                RolloutRecord.write(rest, null, NOW),
                "agent:1",
                Optional.empty(),
                List.of(),
                RollProgress.NONE,
                Optional.empty(),
                now));
    }

    private static Facts facts(RingRiftCluster cluster, ClusterObservation seen, Decision decision) {
        return new Facts(
                cluster,
                seen,
                decision,
                RolloutRecord.write(decision, null, NOW),
                "agent:1",
                Optional.empty(),
                List.of(),
                RollProgress.NONE,
                Optional.empty(),
                NOW);
    }

    /** Nothing is under way. */
    private static Decision rest(int stage, long generation) {
        return decision(
                stage,
                new Assignment(setting(stage), generation, Set.of(), setting(stage), generation),
                Phase.STABLE,
                "");
    }

    private static Setting setting(int stage) {
        return new Setting(stage, false, VOTERS);
    }

    private static Decision decision(int stage, Assignment assignment, Phase phase, String message) {
        RolloutState state = new RolloutState(
                stage,
                stage,
                assignment.nextGeneration(),
                "d",
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                VOTERS);
        return new Decision(state, assignment, phase, 3, message, List.of(), List.of(), false, Optional.empty());
    }

    private static RingRiftCluster cluster(String spec, RingRiftClusterStatus status) {
        RingRiftCluster cluster = Serialization.unmarshal(
                "apiVersion: ringrift.io/v1alpha1\nkind: RingRiftCluster\nmetadata: {name: demo, namespace: n, generation: 3}\nspec: "
                        + spec,
                RingRiftCluster.class);
        cluster.setStatus(status);
        return cluster;
    }

    private static Condition condition(RingRiftClusterStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }
}
