package io.ringrift.agent.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clusters under every fault at once, then mended. A failure names its seed; run that one alone with {@code -Dringrift.sim.seed=N
 * -Dringrift.sim.trace=true}.
 */
@Tag("simulation")
class ClusterSimulationTest {
    private static final int SEEDS = Integer.getInteger("ringrift.sim.seeds", 500);
    private static final Duration CHAOS = Duration.ofSeconds(90);
    private static final Duration RECOVERY = Duration.ofSeconds(40);
    private static final Duration STEADY = Duration.ofSeconds(20);

    @Test
    void staysSafeUnderFaultsAndRecoversFromThem() {
        Long only = Long.getLong("ringrift.sim.seed");
        if (only != null) {
            run(only);
            return;
        }
        for (long seed = 1; seed <= SEEDS; seed++) {
            run(seed);
        }
    }

    @Test
    void sameSeedSameRun() {
        assertThat(run(7)).isEqualTo(run(7)).isNotEqualTo(run(8));
    }

    private static long run(long seed) {
        Simulation simulation = new Simulation(seed, seed % 4 == 0 ? 3 : 5);
        Safety safety = new Safety(simulation);
        simulation.check = safety::check;
        Chaos chaos = new Chaos(simulation, safety, Duration.ofSeconds(5));
        try {
            chaos.begin();
            simulation.runFor(CHAOS);
            chaos.mend();
            simulation.runFor(RECOVERY);
            String leader = onlyLeader(simulation);
            assertOneView(simulation);
            simulation.runFor(STEADY);
            assertThat(onlyLeader(simulation))
                    .as("leader after %s more, seed %d", STEADY, seed)
                    .isEqualTo(leader);
            assertOneView(simulation);
        } catch (RuntimeException failure) {
            throw new AssertionError("seed " + seed, failure);
        }
        return simulation.trace();
    }

    private static String onlyLeader(Simulation simulation) {
        Set<Optional<String>> leaders = simulation.nodes.stream()
                .map(node -> node.leadership()
                        .leader()
                        .map(id -> id + " in epoch " + node.leadership().epoch()))
                .collect(Collectors.toSet());
        assertThat(leaders).as("leaders, seed %d", simulation.seed).hasSize(1).doesNotContain(Optional.empty());
        assertThat(simulation.nodes.stream().filter(node -> node.leads() > 0))
                .as("valid leases, seed %d", simulation.seed)
                .hasSize(1);
        return leaders.iterator().next().orElseThrow();
    }

    private static void assertOneView(Simulation simulation) {
        assertThat(simulation.nodes.stream()
                        .map(node -> node.core.view(node.clock()).viewHash())
                        .collect(Collectors.toSet()))
                .as("view hashes, seed %d", simulation.seed)
                .hasSize(1);
        simulation.nodes.forEach(node -> assertThat(node.core.view(node.clock()).members())
                .as("members, seed %d", simulation.seed)
                .hasSize(simulation.nodes.size()));
    }
}
