package io.ringrift.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.operator.api.Phase;
import io.ringrift.operator.rollout.RolloutRequest.Directive;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RolloutEngineTest {
    private final Script script = new Script();

    @Test
    void aNewClusterIsPendingUntilEveryAgentAcknowledged() {
        script.obeying = Set.of("n-4", "n-3");
        script.step();
        assertThat(script.step().phase()).isEqualTo(Phase.PENDING);
        assertThat(script.last.message()).contains("n-2", "n-1", "n-0").doesNotContain("n-4");
        script.obeying = Set.copyOf(script.nodes);
        assertThat(script.until(Phase.STABLE).state().stage()).isZero();
        assertThat(script.last.assignment().baseGeneration()).isEqualTo(1);
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
            String now = assignment.baseStage() + ">" + assignment.nextStage() + ":"
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
        script.fallbacks.put("n-2", "SWIM is not available: port taken");
        assertThat(script.step().message()).contains("n-2", "port taken");
        script.fallbacks.clear();
        Instant mended = script.now;
        script.until(Phase.CANARY);
        assertThat(Duration.between(mended, script.now)).isGreaterThanOrEqualTo(script.soak);
    }

    @Test
    void aRefusedConfigurationRollsBackAtOnceAndIsNotTriedAgain() {
        script.settle();
        script.target = 1;
        script.step();
        script.refusals.put("n-4", "RINGRIFT_MEMBERSHIP_MODE: ...");
        Decision decision = script.step();
        assertThat(decision.phase()).isEqualTo(Phase.ROLLING_BACK);
        assertThat(decision.message()).contains("n-4 refused");
        assertThat(decision.assignment().switched()).isEmpty();
        script.refusals.clear();
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
        script.refusals.put("n-4", "RINGRIFT_LOG_LEVEL: LOUD");
        script.refusedGeneration = OptionalLong.of(1);
        script.target = 1;
        script.content = "corrected";
        assertThat(script.until(Phase.STABLE).state().stage()).isEqualTo(1);
    }

    @Test
    void aFallbackDuringTheCanaryRollsBackWithItsReason() {
        script.settle();
        script.target = 1;
        script.step();
        script.fallbacks.put("n-4", "UDP is blocked");
        Decision decision = script.until(Phase.ROLLING_BACK);
        assertThat(decision.message()).contains("UDP is blocked");
        script.fallbacks.clear();
        assertThat(script.until(Phase.DEGRADED).state().stage()).isZero();
    }

    @Test
    void aShortDisagreementIsForgiven() {
        script.settle();
        script.target = 1;
        script.step();
        script.views.put("n-1", "other");
        for (int i = 0; i < 10; i++) {
            assertThat(script.step().phase()).isEqualTo(Phase.CANARY);
        }
        script.views.clear();
        assertThat(script.until(Phase.STABLE).state().stage()).isEqualTo(1);
    }

    @Test
    void aSilentAgentHoldsTheStepUntilTheDeadline() {
        script.settle();
        script.target = 1;
        script.step();
        script.silent = Set.of("n-4");
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
        assertThat(decision.assignment().baseStage()).isZero();
        assertThat(script.until(Phase.STABLE).state().stage()).isZero();
    }

    @Test
    void pauseHoldsAndShiftsTheDeadline() {
        script.settle();
        script.target = 1;
        script.step();
        script.silent = Set.of("n-4");
        script.directive = Directive.PAUSE;
        for (int i = 0; i < 700; i++) {
            assertThat(script.step().phase()).isEqualTo(Phase.PAUSED);
        }
        script.directive = Directive.NONE;
        script.silent = Set.of();
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
        assertThat(script.step().assignment().baseGeneration()).isEqualTo(2);
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
        script.target = 2;
        for (int i = 0; i < 150; i++) {
            Decision decision = script.step();
            Decision again = RolloutEngine.next(decision.state(), script.spec(), script.lastReports, script.asked);
            assertThat(again.state()).isEqualTo(decision.state());
            assertThat(again.transitions()).isEmpty();
        }
    }

    /** A cluster that does as it is told after a second, with faults switched on by hand. */
    private static final class Script {
        final List<String> nodes = List.of("n-4", "n-3", "n-2", "n-1", "n-0");
        final Map<String, String> fallbacks = new TreeMap<>();
        final Map<String, String> refusals = new TreeMap<>();
        final Map<String, String> views = new TreeMap<>();
        OptionalLong refusedGeneration = OptionalLong.empty();
        Set<String> silent = Set.of();
        Set<String> obeying = Set.copyOf(nodes);
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        Instant asked = now;
        int target;
        long specGeneration = 1;
        String content = "plain";
        Duration soak = Duration.ZERO;
        Directive directive = Directive.NONE;
        Decision last;
        List<NodeReport> lastReports = List.of();
        private final Map<String, Long> applied = new TreeMap<>();
        private RolloutState state = RolloutState.initial();

        RolloutRequest spec() {
            return new RolloutRequest(
                    specGeneration,
                    target,
                    content,
                    nodes,
                    soak,
                    Duration.ofSeconds(30),
                    List.of(Step.parse("1"), Step.parse("50%"), Step.parse("100%")),
                    Duration.ofMinutes(10),
                    true,
                    directive);
        }

        Decision step() {
            lastReports = nodes.stream().map(this::report).toList();
            asked = now;
            last = RolloutEngine.next(state, spec(), lastReports, now);
            state = last.state();
            obeying.forEach(node -> applied.put(node, last.assignment().generationOf(node)));
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

        void settle() {
            until(Phase.STABLE);
        }

        private NodeReport report(String node) {
            boolean answers = !silent.contains(node) && applied.containsKey(node);
            return new NodeReport(
                    node,
                    answers ? OptionalLong.of(applied.get(node)) : OptionalLong.empty(),
                    refusals.containsKey(node) ? List.of(refusals.get(node)) : List.of(),
                    refusedGeneration,
                    fallbacks.containsKey(node) ? List.of(fallbacks.get(node)) : List.of(),
                    views.getOrDefault(node, "same"),
                    Optional.of("n-0"),
                    7,
                    Set.of());
        }
    }
}
