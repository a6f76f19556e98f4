package io.ringrift.agent.membership.swim;

import static io.ringrift.agent.membership.swim.Simulation.MILLI;
import static io.ringrift.agent.membership.swim.Simulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members that live are not given up, whatever the network and the processor do to them or to those that watch them. */
@Tag("simulation")
class FalseDeathTest {
    /** A blocked member's own view counts too: it must not give up those that it heard from between two stalls. */
    @ParameterizedTest
    @CsvSource({"4, 8, 1", "4, 32, 2", "16, 8, 1", "16, 32, 4", "32, 8, 1", "32, 32, 6"})
    void blockedMembersAccuseNobody(int blocked, int seconds, int seeds) {
        for (long seed = 0; seed < seeds; seed++) {
            Scenarios.Stall stall = Scenarios.stall(new Simulation(seed), 128, blocked, seconds * SECOND, 120 * SECOND);

            System.out.println("N=128, " + blocked + " blocked for " + seconds + " s at a time, 120 s, seed " + seed
                    + ": " + stall);
            assertThat(stall.healthy().failed()).as("seed %d", seed).isZero();
            // The experiment would prove nothing if the sick ones were not noticed at all.
            assertThat(stall.blocked().suspected()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({"0.05, false", "0.20, false", "0.05, true", "0.20, true"})
    void lostPacketsKillNobody(double share, boolean tcpShut) {
        Scenarios.Deaths deaths = Scenarios.loss(new Simulation(20), 100, share, tcpShut, 120 * SECOND);

        System.out.println("N=100, " + share + " of the packets lost, TCP shut " + tcpShut + ", 120 s: " + deaths);
        assertThat(deaths.failed()).isZero();
    }

    /** SPEC: a pause of half the failure timeout never ends in FAILED, however it falls and whatever wakes first. */
    @ParameterizedTest
    @CsvSource({"3", "10", "100"})
    void aPauseOfHalfTheFailureTimeoutIsForgiven(int members) {
        for (SwimSettings settings : List.of(
                Profiles.DEFAULT,
                Profiles.FAST,
                Profiles.LOW_BANDWIDTH,
                Profiles.of(5_000, 500, 1_000),
                Profiles.of(4_000, 3_900, 3_000))) {
            Simulation simulation = new Simulation(members);
            simulation.settings = settings;
            simulation.established(members);
            for (int round = 0; round < 12; round++) {
                simulation.runFor(SECOND + simulation.random.nextLong(4 * SECOND));
                SimNode node = simulation.nodes.get(simulation.random.nextInt(members));
                node.freeze();
                simulation.runFor(settings.failureTimeout().toNanos() / 2);
                node.thaw(round % 2 == 0 ? SimNode.Wake.IO_FIRST : SimNode.Wake.TIMERS_FIRST);
                simulation.runFor(2 * settings.failureTimeout().toNanos());
            }
            assertThat(Scenarios.deaths(simulation, id -> true).failed())
                    .as("%s", settings)
                    .isZero();
        }
    }

    /** However long it slept, a process that wakes up accuses nobody of the time it slept through; of two, no ear rule helps it. */
    @ParameterizedTest
    @CsvSource({"2, IO_FIRST", "2, TIMERS_FIRST", "10, IO_FIRST", "10, TIMERS_FIRST"})
    void aProcessThatSleptAccusesNobody(int members, SimNode.Wake order) {
        for (long pause : new long[] {300 * MILLI, 3 * SECOND, 10 * SECOND, 120 * SECOND}) {
            Simulation simulation = new Simulation(pause + members);
            simulation.maxLatency = 40 * MILLI;
            simulation.established(members);
            for (int round = 0; round < 20; round++) {
                simulation.runFor(5 * SECOND + simulation.random.nextLong(SECOND));
                SimNode sleeper = simulation.nodes.get(simulation.random.nextInt(members));
                simulation.changes.clear();
                sleeper.freeze();
                simulation.runFor(pause);
                sleeper.thaw(order);
                simulation.runFor(20 * SECOND);

                assertThat(suspected(simulation, id -> !id.equals(sleeper.nodeId())))
                        .as("pause of %d ms, round %d", pause / MILLI, round)
                        .isZero();
                assertThat(simulation.complete() && simulation.agreed()).isTrue();
            }
        }
    }

    @Test
    void aLeapOfTheClockIsAPause() {
        Simulation simulation = new Simulation(1);
        simulation.established(10);
        for (SimNode node : simulation.nodes) {
            simulation.runFor(SECOND);
            node.leap(3_600 * SECOND);
        }
        simulation.runFor(20 * SECOND);

        assertThat(suspected(simulation, id -> true)).isZero();
    }

    /** One of many hears nobody: it blames itself, says so, and is forgiven by its own view only when it hears again. */
    @Test
    void whoHearsNobodyIsIsolatedAndAccusesNobody() {
        Simulation simulation = new Simulation(1);
        simulation.established(20);
        SimNode alone = simulation.nodes.get(3);
        simulation.cut = (from, to) -> from == alone || to == alone;
        simulation.runFor(60 * SECOND);

        assertThat(alone.core().status().isolated()).isTrue();
        assertThat(alone.core().status().alive()).isEqualTo(20);
        assertThat(simulation.everybodyHolds(alone, io.ringrift.agent.membership.MemberState.FAILED))
                .isTrue();

        simulation.cut = (from, to) -> false;
        long took = simulation.until("it is back", 30 * SECOND, () -> simulation.complete() && simulation.agreed());
        assertThat(took).isLessThan(15 * SECOND);
        assertThat(alone.core().status().isolated()).isFalse();
    }

    private static long suspected(Simulation simulation, Predicate<String> who) {
        return Scenarios.deaths(simulation, who).suspected();
    }
}
