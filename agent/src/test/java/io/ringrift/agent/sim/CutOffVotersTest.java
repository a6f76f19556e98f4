package io.ringrift.agent.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.consensus.Leadership.Source;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two of three voters, a majority, hear nobody but each other. */
@Tag("simulation")
class CutOffVotersTest {
    private static final List<String> VOTERS = List.of("node-0", "node-1", "node-2");
    /** Longer than a lease, a fallback's delay and an election together. */
    private static final Duration LONG = Duration.ofSeconds(40);

    private Simulation simulation;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void startedAgainTheyDoNotActBesideMembersThatFallBackToBully(long seed) {
        cluster(seed, Map.of("node-0", ConsensusMode.RAFT, "node-1", ConsensusMode.RAFT), ConsensusMode.HYBRID);
        assertThat(simulation.nodes).noneMatch(node -> node.raftOnly);

        restartCutOff();

        assertThat(leaderOf(4)).as("%s", simulation.raft).isPresent();
        assertThat(node(4).leadership().source()).contains(Source.BULLY);
        assertThat(node(0).acts() + node(1).acts()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whereAllRunRaftAMajorityOfVotersIsEnoughAfterARestartToo(long seed) {
        cluster(seed, Map.of(), ConsensusMode.RAFT);
        assertThat(simulation.nodes).allMatch(node -> node.raftOnly);

        restartCutOff();

        assertThat(node(0).acts() + node(1).acts()).as("%s", simulation.raft).isPositive();
        assertThat(node(4).acts()).isZero();
    }

    @Test
    void votersThatLostTheirDisksAskTheMembers() {
        cluster(1, Map.of(), ConsensusMode.RAFT);
        node(0).raftOnly = false;
        node(1).raftOnly = false;

        restartCutOff();

        assertThat(node(0).acts() + node(1).acts()).as("two of five").isZero();
    }

    @Test
    void membersThatWereNeverThereAreNotAskedWhereTheyAreTooFewToElectAnybody() {
        simulation = new Simulation(1, 5);
        simulation.check = new Safety(simulation)::check;
        simulation.settings = (node, config) ->
                config.modes(MembershipMode.HTTP, ConsensusMode.RAFT).raft(true, VOTERS, 0);
        simulation.nodes.subList(0, 3).forEach(node -> simulation.start(node, false));
        simulation.runFor(LONG);

        simulation.crash(node(2));
        simulation.runFor(LONG);

        assertThat(node(0).acts() + node(1).acts()).as("%s", simulation.raft).isPositive();
    }

    /** Neither side can know of the other's leader, so both have one; but receivers that check epochs can tell them apart. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noEpochOfTheirsIsALeadersOnTheSideThatIsLoweredMeanwhile(long seed) {
        bothSidesLead(
                seed,
                config -> config.modes(MembershipMode.HTTP, ConsensusMode.BULLY).raft(false, VOTERS, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void norOnTheSideThatTakesThemForLostAndFoundsAnotherGroup(long seed) {
        bothSidesLead(
                seed,
                config -> config.modes(MembershipMode.HTTP, ConsensusMode.RAFT)
                        .raft(true, List.of("node-2", "node-3", "node-4"), 1));
    }

    private void bothSidesLead(long seed, UnaryOperator<Configs> there) {
        cluster(seed, Map.of(), ConsensusMode.RAFT);
        Map<Long, String> leaderOf = new HashMap<>();
        simulation.check = ignored -> simulation.nodes.stream()
                .filter(node -> node.acts() > 0)
                .forEach(node -> assertThat(leaderOf.merge(node.acts(), node.id, (first, again) -> first))
                        .as("the leader of epoch %d", node.acts())
                        .isEqualTo(node.id));
        cutOff();
        var here = simulation.settings;
        simulation.settings = (node, config) -> node.index < 2 ? here.apply(node, config) : there.apply(config);
        List<Simulation.Node> otherSide = simulation.nodes.subList(2, 5);
        otherSide.forEach(simulation::reconfigure);
        simulation.runFor(LONG);
        for (int round = 0; round < 4; round++) {
            for (List<Simulation.Node> side : List.of(simulation.nodes.subList(0, 2), otherSide)) {
                List<Simulation.Node> leaders =
                        side.stream().filter(node -> node.acts() > 0).toList();
                assertThat(leaders).as("%s", simulation.raft).hasSize(1);
                simulation.crash(leaders.getFirst());
                simulation.start(leaders.getFirst(), false);
            }
            simulation.runFor(LONG);
        }
        for (boolean[] row : simulation.cut) {
            Arrays.fill(row, false);
        }
        simulation.settings = (node, config) -> there.apply(config);
        simulation.nodes.forEach(simulation::reconfigure);
        simulation.runFor(LONG);
        assertThat(simulation.nodes.stream().map(Simulation.Node::leadership).distinct())
                .as("who leads once they meet")
                .hasSize(1);
        assertThat(simulation.nodes.stream().filter(node -> node.acts() > 0)).hasSize(1);
    }

    private void cluster(long seed, Map<String, ConsensusMode> modes, ConsensusMode others) {
        simulation = new Simulation(seed, 5);
        simulation.check = new Safety(simulation)::check;
        simulation.settings = (node, config) -> config.modes(MembershipMode.HTTP, modes.getOrDefault(node.id, others))
                .raft(true, VOTERS, 0);
        simulation.nodes.forEach(node -> simulation.start(node, false));
        simulation.runFor(LONG);
        assertThat(simulation.nodes.stream().filter(node -> node.acts() > 0)).hasSize(1);
    }

    private void cutOff() {
        for (int here = 0; here < 2; here++) {
            for (int there = 2; there < 5; there++) {
                simulation.cut[here][there] = true;
                simulation.cut[there][here] = true;
            }
        }
    }

    private void restartCutOff() {
        cutOff();
        for (int voter = 0; voter < 2; voter++) {
            simulation.crash(node(voter));
            simulation.start(node(voter), false);
        }
        simulation.runFor(LONG);
    }

    private Optional<String> leaderOf(int index) {
        return node(index).leadership().leader();
    }

    private Simulation.Node node(int index) {
        return simulation.nodes.get(index);
    }
}
