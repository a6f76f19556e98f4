package io.ringrift.agent.membership.swim;

import static io.ringrift.agent.membership.swim.Simulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.membership.MemberState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Views become equal again by themselves, after whatever kept them apart. */
@Tag("simulation")
class HealingTest {
    @ParameterizedTest
    @CsvSource({"2, 1", "4, 2", "10, 5", "10, 3", "100, 50", "100, 1"})
    void aPartitionOfFiveMinutesHeals(int members, int oneSide) {
        double took = Scenarios.partition(new Simulation(members), members, oneSide, 300 * SECOND);

        System.out.printf("N=%d, %d cut off for 300 s: equal views %.1f s after%n", members, oneSide, took);
        assertThat(took).isLessThanOrEqualTo(15);
    }

    @ParameterizedTest
    @CsvSource({"3", "50", "500"})
    void everybodyRestartsAtOnce(int members) {
        double took = Scenarios.massRestart(new Simulation(members), members);

        System.out.printf("%d members restart at once: equal, complete views %.2f s after%n", members, took);
        assertThat(took).isLessThanOrEqualTo(10);
    }

    @Test
    @DisplayName("hashicorp/memberlist#299: many join through one seed, and it takes minutes")
    void manyJoinThroughOneSeed() {
        Simulation simulation = new Simulation(3);
        for (int i = 0; i < 200; i++) {
            simulation.add("node-" + i).boot();
        }
        simulation.nodes.forEach(node -> node.join(List.of(simulation.nodes.getFirst())));
        long took = simulation.until("equal views", 60 * SECOND, () -> simulation.complete() && simulation.agreed());

        System.out.printf("200 members join through one seed: %.2f s%n", took / 1e9);
        assertThat(took).isLessThanOrEqualTo(10 * SECOND);
    }

    @ParameterizedTest
    @CsvSource({"3", "10", "100"})
    void aGoodbyeIsHeardByAllAndIsNoDeath(int members) {
        Simulation simulation = new Simulation(members);
        simulation.established(members);
        simulation.runFor(3 * SECOND);
        SimNode leaver = simulation.nodes.get(1);
        leaver.leave();
        simulation.until(
                "the goodbye is acknowledged",
                SECOND,
                () -> leaver.notices.stream().anyMatch(SwimEffect.LeaveCompleted.class::isInstance));
        leaver.crash();
        simulation.until("all hold it as LEFT", 3 * SECOND, () -> simulation.everybodyHolds(leaver, MemberState.LEFT));
        simulation.runFor(60 * SECOND);

        assertThat(simulation.everybodyHolds(leaver, MemberState.LEFT)).isTrue();
        assertThat(simulation.changes).noneMatch(change -> change.event().change() == SwimEffect.Change.FAILED);
        assertThat(simulation.agreed()).isTrue();
    }

    /** A tombstone is forgotten everywhere, without being taught back by whoever forgets it later. */
    @Test
    @DisplayName("quickwit-oss/chitchat#161: the dead are gossiped for ever")
    void theDeadAreForgottenAfterADay() {
        Simulation simulation = new Simulation(4);
        simulation.established(4);
        simulation.nodes.get(3).crash();
        simulation.until(
                "all know", 10 * SECOND, () -> simulation.everybodyHolds(simulation.nodes.get(3), MemberState.FAILED));
        List<Integer> sizes = new ArrayList<>();
        simulation.runFor(25 * 3_600 * SECOND);
        simulation.live().forEach(node -> sizes.add(node.core().table().size()));

        assertThat(sizes).containsOnly(2);
        assertThat(simulation.agreed()).isTrue();
    }

    @Test
    void aChangeOfModesReachesEverybody() {
        Simulation simulation = new Simulation(5);
        simulation.established(50);
        simulation.runFor(3 * SECOND);
        SimNode changed = simulation.nodes.get(7);
        changed.configure(Profiles.FAST, 2);
        long took = simulation.until(
                "all know the new generation",
                5 * SECOND,
                () -> simulation.nodes.stream()
                        .allMatch(node -> node.core().members().stream()
                                .filter(member -> member.nodeId().equals(changed.nodeId()))
                                .allMatch(member -> member.modes()
                                                .orElseThrow()
                                                .configGeneration()
                                                .orElse(0)
                                        == 2)));

        assertThat(took).isLessThanOrEqualTo(2 * SECOND);
    }
}
