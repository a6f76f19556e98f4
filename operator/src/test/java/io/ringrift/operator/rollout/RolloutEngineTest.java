package io.ringrift.operator.rollout;

import static io.ringrift.operator.rollout.SimulatedAgents.NODES;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.operator.api.ConsensusMode;
import io.ringrift.operator.api.MembershipMode;
import io.ringrift.operator.api.Modes;
import io.ringrift.operator.api.Phase;
import io.ringrift.operator.rollout.RolloutRequest.Directive;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RolloutEngineTest {
    private final Script script = new Script();

    @Test
    void aNewClusterIsPendingUntilEveryAgentAcknowledged() {
        script.obeying = Set.of("n-4", "n-3");
        script.step();
        assertThat(script.step().phase()).isEqualTo(Phase.PENDING);
        assertThat(script.last.message()).contains("n-2", "n-1", "n-0").doesNotContain("n-4");
        script.obeying = Set.copyOf(NODES);
        assertThat(script.until(Phase.STABLE).state().stage()).isZero();
    }

    @Test
    void walksUpOneStageAtATimeThroughEveryStep() {
        script.settle();
        script.target = 2;
        List<String> seen = new ArrayList<>();
        for (int i = 0;
                i < 200
                        && !(script.last.phase() == Phase.STABLE
                                && script.last.state().stage() == 2);
                i++) {
            Assignment assignment = script.step().assignment();
            String now = assignment.base().stage() + ">" + assignment.next().stage() + ":"
                    + assignment.switched().size();
            if (seen.isEmpty() || !seen.getLast().equals(now)) {
                seen.add(now);
            }
        }
        assertThat(seen).containsExactly("0>1:1", "0>1:3", "0>1:5", "1>2:1", "1>2:3", "1>2:5", "2>2:0");
        assertThat(script.last.state().lastGoodStage()).isEqualTo(2);
    }

    @Test
    void eachStepIsVerifiedForItsWholeTime() {
        script.settle();
        script.target = 1;
        Instant started = script.now;
        script.until(Phase.STABLE);
        assertThat(Duration.between(started, script.now)).isBetween(Duration.ofSeconds(90), Duration.ofSeconds(100));
    }

    @Test
    void soakRefusesToAdvanceAndSaysUntilWhen() {
        script.soak = Duration.ofHours(1);
        script.settle();
        Instant healthy = script.last.state().healthySince().orElseThrow();
        script.target = 1;
        assertThat(script.step().phase()).isEqualTo(Phase.SOAKING);
        assertThat(script.last.message()).contains(healthy.plus(script.soak).toString());
        script.directive = Directive.PROMOTE;
        assertThat(script.step().directiveDone()).isTrue();
        assertThat(script.last.phase()).isEqualTo(Phase.CANARY);
    }

    @Test
    void anUnhealthyMomentStartsTheSoakAnew() {
        script.soak = Duration.ofSeconds(10);
        script.settle();
        script.target = 1;
        script.step();
        script.agents.fallbacks.put("n-2", "SWIM is not available: port taken");
        assertThat(script.step().message()).contains("n-2", "port taken");
        script.agents.fallbacks.clear();
        Instant mended = script.now;
        script.until(Phase.CANARY);
        assertThat(Duration.between(mended, script.now)).isGreaterThanOrEqualTo(script.soak);
    }

    @Test
    void aRefusedConfigurationRollsBackAtOnceAndIsNotTriedAgain() {
        script.settle();
        script.target = 1;
        script.step();
        script.agents.refusals.put("n-4", "RINGRIFT_MEMBERSHIP_MODE: ...");
        Decision decision = script.step();
        assertThat(decision.phase()).isEqualTo(Phase.ROLLING_BACK);
        assertThat(decision.message()).contains("n-4 refused");
        assertThat(decision.assignment().switched()).isEmpty();
        script.agents.refusals.clear();
        script.until(Phase.DEGRADED);
        long generation = script.last.state().generation();
        for (int i = 0; i < 100; i++) {
            assertThat(script.step().phase()).isEqualTo(Phase.DEGRADED);
        }
        assertThat(script.last.state().generation()).isEqualTo(generation);
        script.specGeneration++;
        script.until(Phase.CANARY);
    }

    @Test
    void whatAnAgentRefusedBeforeDoesNotEndAStep() {
        script.settle();
        script.agents.refusals.put("n-4", "RINGRIFT_LOG_LEVEL: LOUD");
        script.agents.refusedGeneration = OptionalLong.of(1);
        script.target = 1;
        script.content = "corrected";
        assertThat(script.until(Phase.STABLE).state().stage()).isEqualTo(1);
    }

    @Test
    void aFallbackDuringTheCanaryRollsBackWithItsReason() {
        script.settle();
        script.target = 1;
        script.step();
        script.agents.fallbacks.put("n-4", "UDP is blocked");
        Decision decision = script.until(Phase.ROLLING_BACK);
        assertThat(decision.message()).contains("UDP is blocked");
        script.agents.fallbacks.clear();
        assertThat(script.until(Phase.DEGRADED).state().stage()).isZero();
    }

    @Test
    void aShortDisagreementIsForgiven() {
        script.settle();
        script.target = 1;
        script.step();
        script.agents.views.put("n-1", "other");
        for (int i = 0; i < 10; i++) {
            assertThat(script.step().phase()).isEqualTo(Phase.CANARY);
        }
        script.agents.views.clear();
        assertThat(script.until(Phase.STABLE).state().stage()).isEqualTo(1);
    }

    @Test
    void aSilentAgentHoldsTheStepUntilTheDeadline() {
        script.settle();
        script.target = 1;
        script.step();
        script.agents.silent = Set.of("n-4");
        Instant from = script.now;
        script.until(Phase.ROLLING_BACK);
        assertThat(Duration.between(from, script.now)).isBetween(Duration.ofSeconds(598), Duration.ofSeconds(602));
        assertThat(script.last.message()).contains("n-4");
    }

    @Test
    void goingDownIsAtOnceForEverybodyEvenInTheMiddleOfAWalkAndWhilePaused() {
        script.settle();
        script.target = 2;
        script.until(Phase.VERIFYING);
        script.directive = Directive.PAUSE;
        script.step();
        script.target = 0;
        Decision decision = script.step();
        assertThat(decision.assignment().switched()).isEmpty();
        assertThat(decision.assignment().base().stage()).isZero();
        assertThat(script.until(Phase.STABLE).state().stage()).isZero();
    }

    @Test
    void pauseHoldsAndShiftsTheDeadline() {
        script.settle();
        script.target = 1;
        script.step();
        script.agents.silent = Set.of("n-4");
        script.directive = Directive.PAUSE;
        for (int i = 0; i < 700; i++) {
            assertThat(script.step().phase()).isEqualTo(Phase.PAUSED);
        }
        script.directive = Directive.NONE;
        script.agents.silent = Set.of();
        assertThat(script.step().phase()).isNotEqualTo(Phase.ROLLING_BACK);
        assertThat(script.until(Phase.STABLE).state().stage()).isEqualTo(1);
    }

    @Test
    void abortGoesBackToTheLastGoodStage() {
        script.settle();
        script.target = 2;
        while (script.last.state().stage() < 1) {
            script.step();
        }
        script.until(Phase.VERIFYING);
        script.directive = Directive.ABORT;
        assertThat(script.step().directiveDone()).isTrue();
        script.directive = Directive.NONE;
        assertThat(script.until(Phase.DEGRADED).state().stage()).isEqualTo(1);
    }

    @Test
    void anotherContentReachesEverybodyWithoutAWalk() {
        script.settle();
        script.content = "faster";
        assertThat(script.step().assignment().baseGeneration()).isEqualTo(3);
        script.until(Phase.STABLE);
    }

    @Test
    void anotherContentInTheMiddleOfAWalkNumbersBothSidesAnew() {
        script.settle();
        script.target = 1;
        script.step();
        Assignment before = script.last.assignment();
        script.content = "faster";
        Assignment after = script.step().assignment();
        assertThat(after.baseGeneration()).isGreaterThan(before.nextGeneration());
        assertThat(after.nextGeneration()).isGreaterThan(after.baseGeneration());
        assertThat(after.switched()).isEqualTo(before.switched());
    }

    @Test
    void askingAgainChangesNothing() {
        script.settle();
        script.target = 4;
        for (int i = 0; i < 400; i++) {
            Decision decision = script.step();
            Decision again = RolloutEngine.next(decision.state(), script.spec(), script.lastReports, script.asked);
            assertThat(again.state()).isEqualTo(decision.state());
            assertThat(again.transitions()).isEmpty();
        }
    }

    @Test
    void consensusIsSwitchedInTwoPhasesAndNoVoterIsEverApartFromTheOthers() {
        script.settleAt(2);
        script.target = 4;
        List<String> seen = new ArrayList<>();
        while (!(script.last.phase() == Phase.STABLE && script.last.state().stage() == 4)) {
            Assignment assignment = script.step().assignment();
            assertThat(assignment.switched()).isEmpty();
            if (seen.isEmpty() || !seen.getLast().equals(assignment.base().describe())) {
                seen.add(assignment.base().describe());
            }
        }
        assertThat(seen).containsExactly("stage 2, prepared for 3", "stage 3", "stage 3, prepared for 4", "stage 4");
        assertThat(script.agents.group()).containsExactlyInAnyOrder("n-0", "n-1", "n-2");
    }

    @Test
    void whatIsPreparedRunsRaftAndLetsBullyDecide() {
        script.settleAt(2);
        script.target = 3;
        Modes prepared = script.step().assignment().base().modes(SimulatedAgents.LADDER);
        assertThat(prepared).isEqualTo(new Modes(true, MembershipMode.SWIM, true, ConsensusMode.BULLY));
        assertThat(script.step().message()).startsWith("stage 3, prepare (step 1 of 2): ");
        script.untilMessage("stage 3, commit (step 2 of 2): ");
        assertThat(script.last.assignment().base().modes(SimulatedAgents.LADDER))
                .isEqualTo(Modes.ofStage(3));
    }

    @Test
    void nothingIsCommittedUntilEveryAgentIsPreparedAndEveryVoterHasTheLog() {
        script.settleAt(2);
        script.target = 3;
        script.obeying = Set.of("n-4", "n-3", "n-2", "n-1");
        for (int i = 0; i < 60; i++) {
            script.step();
        }
        assertThat(script.last.message()).contains("not acknowledged yet by n-0");
        script.agents.behind.put("n-1", 5_001L);
        script.obeying = Set.copyOf(NODES);
        script.untilMessage("n-1 is 5001 entries behind");
        for (int i = 0; i < 60; i++) {
            assertThat(script.step().message()).contains("prepare");
        }
        script.agents.behind.clear();
        script.untilMessage("commit");
    }

    @Test
    void aVoterWhoseRaftDoesNotWorkEndsThePreparationAndNothingWasDecidedByIt() {
        script.settleAt(2);
        script.target = 4;
        script.agents.raftTrouble.put("n-1", "Raft port 4321 is taken");
        script.until(Phase.ROLLING_BACK);
        assertThat(script.last.message()).contains("stage 3, prepare", "n-1: Raft port 4321 is taken");
        script.until(Phase.DEGRADED);
        assertThat(script.last.state().stage()).isEqualTo(2);
        assertThat(script.last.assignment().base()).isEqualTo(Setting.of(2, script.voters));
        assertThat(script.story).contains("RollbackStarted", "RolledBack");
    }

    @Test
    void aFallbackAfterTheCommitGoesBackToTheStageBefore() {
        script.settleAt(3);
        script.target = 4;
        script.untilMessage("stage 4, commit");
        NODES.forEach(node -> script.agents.fallbacks.put(node, "Raft has no leader that may act"));
        script.until(Phase.ROLLING_BACK);
        assertThat(script.last.assignment().base().stage()).isEqualTo(3);
        script.agents.fallbacks.clear();
        assertThat(script.until(Phase.DEGRADED).state().stage()).isEqualTo(3);
    }

    @Test
    void takingOverFromBullyMayLastLongerThanASwitchOfMembership() {
        script.settleAt(2);
        script.target = 3;
        script.untilMessage("stage 3, commit");
        NODES.forEach(node -> script.agents.fallbacks.put(node, "Raft has no leader that may act"));
        for (int i = 0; i < 40; i++) {
            assertThat(script.step().phase()).isEqualTo(Phase.CANARY);
        }
        script.agents.fallbacks.clear();
        script.settleAt(3);
    }

    @Test
    void everyStageGoesDownAtOnceEvenBetweenTwoPhases() {
        script.settleAt(4);
        script.target = 0;
        assertThat(script.step().assignment())
                .isEqualTo(Assignment.everybody(
                        Setting.of(0, script.voters), script.last.state().generation()));
        script.settleAt(0);
        script.target = 3;
        script.untilMessage("stage 3, prepare");
        script.target = 1;
        assertThat(script.step().assignment().base()).isEqualTo(Setting.of(1, script.voters));
        script.settleAt(1);
        script.target = 3;
        script.untilMessage("stage 3, commit");
        script.target = 2;
        assertThat(script.step().assignment().base()).isEqualTo(Setting.of(2, script.voters));
        script.settleAt(2);
    }

    @Test
    void aHigherStageEditedBetweenTwoPhasesStartsNothingAnew() {
        script.settleAt(2);
        script.target = 3;
        script.untilMessage("stage 3, commit");
        long generation = script.last.state().generation();
        script.target = 4;
        assertThat(script.step().message()).contains("stage 3, commit");
        assertThat(script.last.state().generation()).isEqualTo(generation);
        script.settleAt(4);
    }

    @Test
    void pauseHoldsBetweenTwoPhasesAndAbortGoesBackFromEither() {
        script.settleAt(2);
        script.target = 3;
        script.untilMessage("stage 3, prepare");
        script.directive = Directive.PAUSE;
        for (int i = 0; i < 100; i++) {
            assertThat(script.step().phase()).isEqualTo(Phase.PAUSED);
            assertThat(script.last.assignment().base().prepared()).isTrue();
        }
        script.directive = Directive.NONE;
        script.untilMessage("stage 3, commit");
        script.directive = Directive.ABORT;
        script.step();
        script.directive = Directive.NONE;
        assertThat(script.until(Phase.DEGRADED).state().stage()).isEqualTo(2);
        script.specGeneration++;
        script.untilMessage("stage 3, prepare");
        script.directive = Directive.ABORT;
        assertThat(script.step().assignment().base()).isEqualTo(Setting.of(2, script.voters));
    }

    @Test
    void votersThatNobodyDependsOnChangeAtOnce() {
        script.settleAt(2);
        script.voters = List.of("n-4");
        assertThat(script.step().assignment().base()).isEqualTo(Setting.of(2, script.voters));
        script.target = 3;
        script.settleAt(3);
        assertThat(script.agents.group()).containsExactly("n-4");
    }

    @Test
    void votersOfARunningGroupChangeInTwoPhases() {
        script.settleAt(3);
        script.voters = List.of("n-2", "n-3", "n-4");
        List<List<String>> seen = new ArrayList<>();
        script.step();
        while (script.last.phase() != Phase.STABLE) {
            List<String> voters = script.last.assignment().base().voters();
            if (seen.isEmpty() || !seen.getLast().equals(voters)) {
                seen.add(voters);
            }
            script.step();
        }
        assertThat(seen).containsExactly(List.of("n-0", "n-1", "n-2", "n-3", "n-4"), script.voters);
        assertThat(script.agents.group()).containsExactlyInAnyOrder("n-2", "n-3", "n-4");
        assertThat(script.story).contains("VotersChanging", "VotersChanged");
        assertThat(script.last.state().voters()).isEqualTo(script.voters);
        assertThat(script.last.state().stage()).isEqualTo(3);
    }

    @Test
    void aNewVoterThatCannotJoinLeavesTheOldOnes() {
        script.settleAt(4);
        List<String> before = script.voters;
        script.voters = List.of("n-1", "n-2", "n-3");
        script.agents.raftTrouble.put("n-3", "the disk is full");
        script.until(Phase.ROLLING_BACK);
        assertThat(script.last.message()).contains("voters n-1, n-2, n-3, prepare", "the disk is full");
        assertThat(script.until(Phase.DEGRADED).assignment().base()).isEqualTo(Setting.of(4, before));
        script.agents.raftTrouble.clear();
        for (int i = 0; i < 100; i++) {
            assertThat(script.step().phase()).isEqualTo(Phase.DEGRADED);
        }
        script.specGeneration++;
        script.untilMessage("voters n-1, n-2, n-3, commit");
    }

    @Test
    void votersEditedWhileTheyChangeBeginAgainFromTheOldOnes() {
        script.settleAt(3);
        List<String> before = script.voters;
        script.voters = List.of("n-1", "n-2", "n-3");
        script.untilMessage("voters n-1, n-2, n-3, commit");
        script.voters = List.of("n-0", "n-1", "n-4");
        assertThat(script.step().assignment().base().voters()).isEqualTo(before);
        script.untilMessage("voters n-0, n-1, n-4, prepare");
        assertThat(script.last.assignment().base().voters()).containsExactly("n-0", "n-1", "n-2", "n-4");
        script.settleAt(3);
        assertThat(script.agents.group()).containsExactlyInAnyOrder("n-0", "n-1", "n-4");
    }

    @Test
    void theGenerationStaysAheadOfTheEpochs() {
        script.agents.epoch = 0;
        script.settle();
        assertThat(script.last.state().generation()).isEqualTo(1);
        script.agents.epoch = 1;
        script.step();
        assertThat(script.last.state().generation()).isEqualTo(2);
        script.agents.epoch = 1_000_000;
        script.step();
        assertThat(script.last.state().generation()).isEqualTo(2);
        script.agents.epoch = 1_000_001;
        script.step();
        assertThat(script.last.state().generation()).isEqualTo(3);
    }

    @Test
    void withoutAutomaticRollbackAFailedPhaseIsHeld() {
        script.settleAt(2);
        script.automaticRollback = false;
        script.target = 3;
        script.agents.dataLost.add("n-2");
        script.agents.raftTrouble.put("n-2", "Data loss: a majority of the disks is gone");
        script.until(Phase.DEGRADED);
        assertThat(script.last.message()).contains("n-2: Data loss");
        assertThat(script.last.assignment().base().prepared()).isTrue();
        script.agents.dataLost.clear();
        script.agents.raftTrouble.clear();
        script.settleAt(3);
    }

    /** A cluster that does as it is told after a second, with faults switched on by hand. */
    private static final class Script {
        final SimulatedAgents agents = new SimulatedAgents();
        Set<String> obeying = Set.copyOf(NODES);
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        Instant asked = now;
        int target;
        long specGeneration = 1;
        String content = "plain";
        List<String> voters = List.of("n-0", "n-1", "n-2");
        Duration soak = Duration.ZERO;
        boolean automaticRollback = true;
        Directive directive = Directive.NONE;
        Decision last;
        List<NodeReport> lastReports = List.of();
        final List<String> story = new ArrayList<>();
        private RolloutState state = RolloutState.initial();

        RolloutRequest spec() {
            return new RolloutRequest(
                    specGeneration,
                    target,
                    content,
                    SimulatedAgents.LADDER,
                    voters,
                    NODES,
                    agents.epoch,
                    soak,
                    Duration.ofSeconds(30),
                    List.of(Step.parse("1"), Step.parse("50%"), Step.parse("100%")),
                    Duration.ofMinutes(10),
                    automaticRollback,
                    directive);
        }

        Decision step() {
            lastReports = NODES.stream().map(agents::report).toList();
            asked = now;
            last = RolloutEngine.next(state, spec(), lastReports, now);
            state = last.state();
            obeying.forEach(node -> agents.give(node, last.assignment()));
            agents.settle();
            last.transitions().forEach(transition -> story.add(transition.reason()));
            now = now.plusSeconds(1);
            return last;
        }

        Decision until(Phase phase) {
            for (int i = 0; i < 2_000; i++) {
                if (step().phase() == phase) {
                    return last;
                }
            }
            throw new AssertionError("never " + phase + ": " + last);
        }

        /** Until it rests at that stage. */
        void settleAt(int stage) {
            target = stage;
            for (int i = 0; i < 2_000; i++) {
                step();
                if (last.phase() == Phase.STABLE
                        && last.state().stage() == stage
                        && last.state().move().isEmpty()) {
                    return;
                }
            }
            throw new AssertionError("never at stage " + stage + ": " + last);
        }

        /** Until the message says so. */
        void untilMessage(String words) {
            for (int i = 0; i < 2_000; i++) {
                if (step().message().contains(words)) {
                    return;
                }
            }
            throw new AssertionError("never \"" + words + "\": " + last);
        }

        void settle() {
            until(Phase.STABLE);
        }
    }
}
