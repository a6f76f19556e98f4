package io.ringrift.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.operator.api.ConsensusMode;
import io.ringrift.operator.api.MembershipMode;
import io.ringrift.operator.api.Modes;
import io.ringrift.operator.rollout.Gate.Name;
import io.ringrift.operator.rollout.Gate.Verdict;
import io.ringrift.operator.rollout.RolloutRequest.Directive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each gate, with what makes it wait and what makes it say no. Three members, of which a and b vote. */
class GatesTest {
    private static final List<String> VOTERS = List.of("a", "b");
    private static final List<Modes> LADDER = SimulatedAgents.LADDER;
    private static final NodeReport.Raft FOLLOWS = new NodeReport.Raft(
            true, "", Optional.of("a"), Set.of("a", "b"), OptionalLong.of(9_000), OptionalLong.of(9_000), false);

    private Setting setting = Setting.of(4, VOTERS);

    @Test
    void aHealthyClusterPassesEveryGateInEverySetting() {
        for (Setting each : List.of(
                Setting.of(0, VOTERS),
                Setting.of(2, VOTERS),
                Setting.prepared(3, VOTERS),
                Setting.of(3, VOTERS),
                Setting.prepared(4, VOTERS),
                Setting.of(4, VOTERS))) {
            setting = each;
            assertThat(ask(report -> report)).as("%s", each).allMatch(gate -> gate.verdict() == Verdict.PASS);
        }
    }

    @Test
    void acknowledgedWaitsForWhoRunsAnOlderOneOrSaysNothingAndFailsOnARefusal() {
        expect(Name.ACKNOWLEDGED, Verdict.WAIT, "b", of("b", OptionalLong.of(6), List.of(), 7));
        expect(Name.ACKNOWLEDGED, Verdict.WAIT, "b", of("b", OptionalLong.empty(), List.of(), 7));
        expect(
                Name.ACKNOWLEDGED,
                Verdict.FAIL,
                "b refused its configuration: LOUD",
                of("b", OptionalLong.of(6), List.of("LOUD"), 7));
        expect(Name.ACKNOWLEDGED, Verdict.PASS, "", of("b", OptionalLong.of(7), List.of("LOUD"), 3));
    }

    @Test
    void modesFailWhereTheyDifferFromThoseWantedAndWaitWhereTheyAreNotKnown() {
        Modes other = new Modes(true, MembershipMode.SWIM, true, ConsensusMode.HYBRID);
        expect(
                Name.MODES,
                Verdict.FAIL,
                "b runs swim with SWIM, hybrid with Raft, wanted is swim with SWIM, raft with Raft",
                modes("b", Optional.of(other)));
        expect(Name.MODES, Verdict.WAIT, "modes not known of b", modes("b", Optional.empty()));
    }

    @Test
    void raftHasToBeAvailableOnVotersAndOnceItDecidesOnEverybody() {
        expect(Name.RAFT_AVAILABLE, Verdict.FAIL, "b: port taken", raft("b", broken("port taken")));
        expect(Name.RAFT_AVAILABLE, Verdict.FAIL, "c: port taken", raft("c", broken("port taken")));
        expect(Name.RAFT_AVAILABLE, Verdict.WAIT, "no word of Raft yet from b", raft("b", null));
        expect(Name.RAFT_AVAILABLE, Verdict.FAIL, "different Raft leaders: a, b", raft("b", leads("b")));
        setting = Setting.prepared(3, VOTERS);
        expect(Name.RAFT_AVAILABLE, Verdict.PASS, "", raft("c", broken("nothing heard of a leader")));
        expect(Name.RAFT_AVAILABLE, Verdict.FAIL, "b: port taken", raft("b", broken("port taken")));
        setting = Setting.of(2, VOTERS);
        expect(Name.RAFT_AVAILABLE, Verdict.PASS, "", raft("b", null));
    }

    @Test
    void votersHaveToBeTheWantedOnesAndToHaveTheLog() {
        expect(
                Name.VOTERS_CAUGHT_UP,
                Verdict.WAIT,
                "b knows the voters [a], wanted are [a, b]",
                raft("b", log(Set.of("a"), OptionalLong.of(9_000))));
        expect(
                Name.VOTERS_CAUGHT_UP,
                Verdict.WAIT,
                "b holds no log yet",
                raft("b", log(Set.of("a", "b"), OptionalLong.empty())));
        expect(
                Name.VOTERS_CAUGHT_UP,
                Verdict.WAIT,
                "b is 6000 entries behind",
                raft("b", log(Set.of("a", "b"), OptionalLong.of(3_000))));
        expect(Name.VOTERS_CAUGHT_UP, Verdict.PASS, "", raft("b", log(Set.of("a", "b"), OptionalLong.of(4_000))));
    }

    @Test
    void lostDataFails() {
        NodeReport.Raft lost = new NodeReport.Raft(
                false,
                "Data loss: a majority is gone",
                Optional.empty(),
                Set.of(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                true);
        expect(Name.DATA_INTACT, Verdict.FAIL, "b: Data loss: a majority is gone", raft("b", lost));
    }

    @Test
    void oneLeaderFailsWithoutOneWithTwoAndUnderAnEpochOfThePast() {
        expect(
                Name.ONE_LEADER,
                Verdict.FAIL,
                "different leaders: a (epoch 5), b (epoch 5)",
                leader("b", Optional.of("b"), 5));
        expect(
                Name.ONE_LEADER,
                Verdict.FAIL,
                "different leaders: a (epoch 5), a (epoch 6)",
                leader("b", Optional.of("a"), 6));
        assertThat(gate(
                                Name.ONE_LEADER,
                                report -> leader(report.node(), Optional.empty(), 5)
                                        .apply(report))
                        .evidence())
                .isEqualTo("the cluster has no leader");
        assertThat(gate(
                                Name.ONE_LEADER,
                                report -> leader(report.node(), Optional.of("a"), 4)
                                        .apply(report))
                        .evidence())
                .contains("a (epoch 4) leads under an epoch of the past: 5 was seen before");
    }

    private void expect(Name name, Verdict verdict, String evidence, UnaryOperator<NodeReport> change) {
        Gate gate = gate(name, change);
        assertThat(gate.verdict()).as("%s", gate).isEqualTo(verdict);
        assertThat(gate.evidence()).contains(evidence);
    }

    private Gate gate(Name name, UnaryOperator<NodeReport> change) {
        return ask(change).stream()
                .filter(gate -> gate.name() == name)
                .findFirst()
                .orElseThrow();
    }

    private List<Gate> ask(UnaryOperator<NodeReport> change) {
        List<NodeReport> reports = new ArrayList<>();
        for (String node : List.of("a", "b", "c")) {
            Modes modes = setting.modes(LADDER);
            reports.add(change.apply(new NodeReport(
                    node,
                    OptionalLong.of(7),
                    List.of(),
                    OptionalLong.empty(),
                    Optional.of(modes),
                    List.of(),
                    "same",
                    Optional.of("a"),
                    5,
                    Set.of(),
                    modes.raftEnabled() ? Optional.of(FOLLOWS) : Optional.empty())));
        }
        RolloutRequest spec = new RolloutRequest(
                1,
                4,
                "c",
                LADDER,
                VOTERS,
                List.of("c", "b", "a"),
                5,
                Duration.ZERO,
                Duration.ZERO,
                List.of(),
                Duration.ZERO,
                true,
                Directive.NONE);
        return new Gates(Assignment.everybody(setting, 7), spec, reports).ask();
    }

    private static UnaryOperator<NodeReport> of(
            String node, OptionalLong generation, List<String> refused, long refusedGeneration) {
        return report -> report.node().equals(node)
                ? new NodeReport(
                        node,
                        generation,
                        refused,
                        OptionalLong.of(refusedGeneration),
                        report.modes(),
                        report.fallbacks(),
                        report.viewHash(),
                        report.leader(),
                        report.epoch(),
                        report.notAlive(),
                        report.raft())
                : report;
    }

    private static UnaryOperator<NodeReport> modes(String node, Optional<Modes> modes) {
        return report -> report.node().equals(node)
                ? new NodeReport(
                        node,
                        report.generation(),
                        List.of(),
                        OptionalLong.empty(),
                        modes,
                        report.fallbacks(),
                        report.viewHash(),
                        report.leader(),
                        report.epoch(),
                        report.notAlive(),
                        report.raft())
                : report;
    }

    private static UnaryOperator<NodeReport> leader(String node, Optional<String> leader, long epoch) {
        return report -> report.node().equals(node)
                ? new NodeReport(
                        node,
                        report.generation(),
                        List.of(),
                        OptionalLong.empty(),
                        report.modes(),
                        report.fallbacks(),
                        report.viewHash(),
                        leader,
                        epoch,
                        report.notAlive(),
                        report.raft())
                : report;
    }

    private static UnaryOperator<NodeReport> raft(String node, NodeReport.Raft raft) {
        return report -> report.node().equals(node)
                ? new NodeReport(
                        node,
                        report.generation(),
                        List.of(),
                        OptionalLong.empty(),
                        report.modes(),
                        report.fallbacks(),
                        report.viewHash(),
                        report.leader(),
                        report.epoch(),
                        report.notAlive(),
                        Optional.ofNullable(raft))
                : report;
    }

    private static NodeReport.Raft broken(String why) {
        return new NodeReport.Raft(
                false, why, Optional.empty(), Set.of("a", "b"), OptionalLong.empty(), OptionalLong.empty(), false);
    }

    private static NodeReport.Raft leads(String leader) {
        return new NodeReport.Raft(
                true, "", Optional.of(leader), FOLLOWS.voters(), FOLLOWS.commitIndex(), FOLLOWS.appliedIndex(), false);
    }

    private static NodeReport.Raft log(Set<String> voters, OptionalLong applied) {
        return new NodeReport.Raft(true, "", Optional.of("a"), voters, applied, applied, false);
    }
}
