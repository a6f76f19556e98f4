package io.ringrift.agent.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.AgentConfig.BullyQuorum;
import io.ringrift.agent.config.AgentConfig.Peer;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.bully.Remembered;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user sees of elections, in virtual time: the figures are exact for each seed. */
class ElectionScenarioTest {
    private static final Duration SOON = Duration.ofSeconds(2);

    private Simulation simulation;
    private Safety safety;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aFreshClusterElectsTheHighestNodeAtOnceUnderEpochOne(long seed) {
        cluster(seed, 5);
        assertThat(leader()).isEqualTo("node-4");
        assertThat(node(0).leadership().epoch()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void aKilledLeaderIsReplacedAfterItsLease(long seed) {
        cluster(seed, 5);
        simulation.runFor(Duration.ofMillis(1_000 + 137 * seed));

        simulation.crash(node(4));

        assertThat(untilLeaderBut("node-4")).isBetween(Duration.ofSeconds(8), Duration.ofMillis(13_500));
        assertThat(leader()).isEqualTo("node-3");
        assertThat(node(0).leadership().epoch()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aLeaderThatLeavesIsReplacedInARoundTrip(long seed) {
        cluster(seed, 5);

        simulation.leave(node(4), () -> {});

        assertThat(untilLeaderBut("node-4")).isLessThan(Duration.ofMillis(500));
        assertThat(leader()).isEqualTo("node-3");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aLeaderThatIsDrainedIsReplacedInARoundTripAndVotesOn(long seed) {
        cluster(seed, 5);

        simulation.drain(node(4));

        assertThat(untilLeaderBut("node-4")).isLessThan(Duration.ofMillis(500));
        assertThat(leader()).isEqualTo("node-3");
        // With the one that was drained three of five are left, and it is the best of them.
        simulation.crash(node(0));
        simulation.crash(node(1));
        simulation.crash(node(3));
        simulation.start(node(0), true);
        assertThat(untilLeaderBut("node-3")).isLessThan(Duration.ofSeconds(15));
        assertThat(leader()).isEqualTo("node-2");
    }

    @Test
    void whereEverybodyIsDrainedOneLeads() {
        cluster(1, 3);

        for (int i = 2; i >= 0; i--) {
            simulation.drain(node(i));
            simulation.runFor(SOON);
            assertThat(leader()).isEqualTo(i > 0 ? "node-" + (i - 1) : "node-0");
        }
        simulation.crash(node(0));
        assertThat(untilLeaderBut("node-0")).isLessThan(Duration.ofSeconds(20));
        assertThat(leader()).isEqualTo("node-2");
    }

    @Test
    void aRestartedLeaderIsReplacedAtOnceBecauseItsPortIsTaken() {
        cluster(1, 5);
        simulation.crash(node(4));
        simulation.runFor(Duration.ofMillis(300));

        simulation.start(node(4), false);

        assertThat(untilLeaderBut("")).isLessThan(Duration.ofSeconds(4));
        assertThat(node(0).leadership().epoch()).isGreaterThan(1);
    }

    @Test
    void aBetterNodeThatComesBackDeposesNobody() {
        cluster(1, 5);
        simulation.crash(node(4));
        simulation.runFor(Duration.ofSeconds(20));
        Leadership before = node(0).leadership();

        simulation.start(node(4), true);
        simulation.runFor(Duration.ofSeconds(60));

        assertThat(before.leader()).contains("node-3");
        assertThat(node(4).leadership()).isEqualTo(before);
    }

    @Test
    void priorityComesBeforeTheName() {
        simulation = new Simulation(1, 5);
        simulation.settings = (node, config) -> config.bully(node.index == 1 ? 7 : 0, BullyQuorum.MAJORITY);
        startAll();
        assertThat(leader()).isEqualTo("node-1");
    }

    @Test
    void aMinorityHasNoLeaderAndShowsTheHighestEpochSeen() {
        cluster(1, 5);
        simulation.crash(node(4));
        simulation.crash(node(3));
        simulation.crash(node(2));

        simulation.runFor(Duration.ofSeconds(60));

        assertThat(node(0).leadership()).isEqualTo(Leadership.none(1));
        assertThat(node(1).leadership()).isEqualTo(Leadership.none(1));
    }

    @Test
    void aFrozenLeaderDoesNotNameItselfWhenItWakes() {
        cluster(1, 5);
        simulation.freeze(node(4), Duration.ofSeconds(30));
        simulation.runFor(Duration.ofSeconds(29));
        assertThat(node(4).leads()).as("by its own clock").isZero();
        assertThat(node(3).leads()).isEqualTo(3);

        simulation.runFor(Duration.ofSeconds(5));

        assertThat(leader()).isEqualTo("node-3");
        assertThat(node(4).leadership().epoch()).isEqualTo(3);
    }

    @Test
    void aMassRestartIsNoElectionStorm() {
        cluster(1, 5);
        simulation.nodes.forEach(simulation::crash);
        simulation.nodes.forEach(node -> simulation.start(node, true));

        simulation.runFor(Duration.ofSeconds(15));

        assertThat(leader()).isEqualTo("node-4");
        assertThat(node(0).leadership().epoch()).isEqualTo(3);
    }

    @Test
    void aLostDiskOfOneNodeRepeatsNoEpoch() {
        cluster(1, 3);
        simulation.crash(node(0));
        simulation.runFor(Duration.ofSeconds(5));
        simulation.crash(node(1));
        node(1).stored = Remembered.NOTHING;
        safety.forget(node(1));
        simulation.crash(node(2));
        simulation.start(node(1), true);
        simulation.start(node(0), true);

        simulation.runFor(Duration.ofSeconds(20));

        // Node 0 remembers epoch 1, but node 1 may have promised more to node 2 that node 0 never heard of.
        assertThat(node(0).leadership().leader()).contains("node-1");
        assertThat(node(0).leadership().epoch()).isEqualTo(1_003);
    }

    @Test
    void epochsRiseWhenAllDisksAreLostUnderAHigherGeneration() {
        simulation = new Simulation(1, 3);
        simulation.settings = (node, config) -> config.generation(1);
        startAll();
        assertThat(node(0).leadership().epoch()).isEqualTo(1);
        simulation.nodes.forEach(node -> {
            simulation.crash(node);
            node.stored = Remembered.NOTHING;
        });
        simulation.settings = (node, config) -> config.generation(3);

        simulation.nodes.forEach(node -> simulation.start(node, true));
        simulation.runFor(Duration.ofSeconds(15));

        assertThat(node(0).leadership().epoch()).isEqualTo(2_000_001);
    }

    @Test
    void aHigherGenerationAloneMovesNoEpoch() {
        cluster(1, 3);
        simulation.settings = (node, config) -> config.generation(9);
        simulation.nodes.forEach(simulation::reconfigure);
        simulation.leave(node(2), () -> {});
        simulation.runFor(SOON);
        assertThat(node(0).leadership().epoch()).isEqualTo(3);
    }

    @Test
    void moreMembersRaiseTheMajorityAtOnce() {
        cluster(1, 3);
        simulation.crash(node(0));
        simulation.runFor(Duration.ofSeconds(12));
        assertThat(node(2).leads()).as("2 of 3").isEqualTo(1);
        Peer absent = new Peer.Named("node-8", "node-8", OptionalInt.empty());
        Peer alsoAbsent = new Peer.Named("node-9", "node-9", OptionalInt.empty());
        simulation.settings = (node, config) -> config.peers(
                java.util.stream.Stream.concat(config.peers().stream(), java.util.stream.Stream.of(absent, alsoAbsent))
                        .toList());

        simulation.reconfigure(node(2));

        assertThat(node(2).leads()).as("2 of 5").isZero();
    }

    @Test
    void withoutQuorumBothSidesLeadAndTheHigherEpochStays() {
        simulation = new Simulation(1, 5);
        simulation.settings = (node, config) -> config.bully(0, BullyQuorum.NONE);
        startAll();
        cut(Set.of(0, 1));
        simulation.runFor(Duration.ofSeconds(30));
        long left = node(1).leads();
        long right = node(4).leads();
        assertThat(left).isPositive().isNotEqualTo(right);
        assertThat(right).isPositive();

        for (boolean[] row : simulation.cut) {
            Arrays.fill(row, false);
        }
        simulation.runFor(Duration.ofSeconds(10));

        assertThat(leader()).isEqualTo(left > right ? "node-1" : "node-4");
        assertThat(node(0).leadership().epoch()).isEqualTo(Math.max(left, right));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void nodesThatKnowOnlyANameFindEachOtherAndKeepTheMajorityRule(long seed) {
        simulation = new Simulation(seed, 5);
        safety = new Safety(simulation);
        simulation.check = safety::check;
        simulation.settings =
                (node, config) -> config.peers(List.of(new Peer.Discovered("peers", OptionalInt.empty())));
        startAll();
        simulation.runFor(Duration.ofSeconds(70));
        leader();
        assertThat(node(0).core.view(node(0).clock()).members()).hasSize(5);
        assertThat(node(0).core.view(node(0).clock()).viewHash())
                .isEqualTo(node(4).core.view(node(4).clock()).viewHash());

        simulation.crash(node(2));
        simulation.crash(node(3));
        simulation.crash(node(4));
        simulation.runFor(Duration.ofMinutes(10));

        assertThat(node(0).core.view(node(0).clock()).members())
                .as("the gone are forgotten in the view")
                .hasSize(2);
        assertThat(node(0).leadership().leader()).as("but not in the majority").isEmpty();
    }

    @Test
    void withoutADiskANodeNeitherVotesNorLeads() {
        simulation = new Simulation(1, 3);
        node(2).diskRefuses = true;
        startAll();
        assertThat(leader()).isEqualTo("node-1");
        assertThat(node(2).leadership().leader()).contains("node-1");
        simulation.crash(node(0));
        simulation.runFor(Duration.ofSeconds(30));
        assertThat(node(1).leadership().leader()).isEmpty();

        node(2).diskRefuses = false;
        simulation.runFor(Duration.ofSeconds(15));

        assertThat(node(1).leadership().leader()).isPresent();
    }

    private void cluster(long seed, int size) {
        simulation = new Simulation(seed, size);
        safety = new Safety(simulation);
        simulation.check = safety::check;
        startAll();
    }

    private void startAll() {
        simulation.slowOneIn = Integer.MAX_VALUE;
        simulation.nodes.forEach(node -> simulation.start(node, false));
        simulation.runFor(Duration.ofSeconds(20));
    }

    private void cut(Set<Integer> side) {
        for (Simulation.Node a : simulation.nodes) {
            for (Simulation.Node b : simulation.nodes) {
                simulation.cut[a.index][b.index] = side.contains(a.index) != side.contains(b.index);
            }
        }
    }

    private Simulation.Node node(int index) {
        return simulation.nodes.get(index);
    }

    /** The one that every running node names. */
    private String leader() {
        Set<Optional<String>> named = simulation.nodes.stream()
                .filter(Simulation.Node::runs)
                .map(node -> node.leadership().leader())
                .collect(Collectors.toSet());
        assertThat(named).as("seed %d", simulation.seed).hasSize(1).doesNotContain(Optional.empty());
        return named.iterator().next().orElseThrow();
    }

    /** How long it takes until all running nodes name one leader other than {@code former} under a higher epoch. */
    private Duration untilLeaderBut(String former) {
        Duration start = simulation.now();
        while (!agreeOnAnotherThan(former)) {
            simulation.runFor(Duration.ofMillis(10));
            assertThat(simulation.now().minus(start))
                    .as("seed %d", simulation.seed)
                    .isLessThan(Duration.ofMinutes(1));
        }
        return simulation.now().minus(start);
    }

    private boolean agreeOnAnotherThan(String former) {
        List<Leadership> named = simulation.nodes.stream()
                .filter(Simulation.Node::runs)
                .map(Simulation.Node::leadership)
                .distinct()
                .toList();
        return named.size() == 1
                && named.getFirst().epoch() > 1
                && named.getFirst().leader().filter(id -> !id.equals(former)).isPresent();
    }
}
