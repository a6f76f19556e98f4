package io.ringrift.agent.membership.swim;

import static io.ringrift.agent.membership.swim.Simulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.membership.MemberState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Too long for every build: {@code -Dringrift.swim.long=true}, for the ten thousand with {@code -DargLine=-Xmx1500m}. What it printed, and under
 * which conditions, stands in docs/figures.md.
 */
@EnabledIfSystemProperty(named = "ringrift.swim.long", matches = "true")
class LongRunTest {
    /** Ten thousand members in one process: three times as fast as time itself, in 1.5 GiB, and one crash is known by all. */
    @Test
    void tenThousandMembersInOneProcess() {
        Scenarios.Multitude multitude = Scenarios.multitude(new Simulation(10_000), 10_000);

        System.out.println("N=10000: " + multitude);
        assertThat(multitude.allKnow()).isLessThanOrEqualTo(5.5);
        assertThat(multitude.speed()).isGreaterThanOrEqualTo(3);
        assertThat(multitude.heapMebibytes()).isLessThanOrEqualTo(1_536);
    }

    /** Ten and fifty of a thousand hosts vanish together. */
    @Test
    void manyCrashTogether() {
        for (int crashes : new int[] {10, 50}) {
            Simulation simulation = new Simulation(crashes);
            simulation.established(1_000);
            simulation.runFor(3 * SECOND);
            List<SimNode> victims = new ArrayList<>();
            while (victims.size() < crashes) {
                SimNode node = simulation.nodes.get(simulation.random.nextInt(1_000));
                if (!victims.contains(node)) {
                    victims.add(node);
                }
            }
            long[] sent =
                    simulation.nodes.stream().mapToLong(SimNode::bytesSent).toArray();
            victims.forEach(SimNode::crash);
            long took = simulation.until(
                    "all know of all",
                    60 * SECOND,
                    () -> victims.stream()
                            .allMatch(victim -> simulation.live().stream()
                                    .allMatch(node -> node.holds(victim) == MemberState.FAILED)));
            long bytes = simulation.nodes.stream().mapToLong(SimNode::bytesSent).sum()
                    - Arrays.stream(sent).sum();

            System.out.printf(
                    "%d of 1000 crash together: all know of all after %.2f s, %.0f B sent a node%n",
                    crashes, took / 1e9, bytes / 1_000.0);
            assertThat(took).isLessThanOrEqualTo(crashes == 10 ? 5_500 * Simulation.MILLI : 8 * SECOND);
        }
    }
}
