package io.ringrift.agent.membership.swim;

import static io.ringrift.agent.membership.swim.Simulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.membership.MemberState;
import java.lang.ref.Reference;
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

    /** What a member costs: its record, its name, its place in the table. */
    @Test
    void aMemberCostsLessThanTwoHundredBytes() {
        int members = 60_000;
        byte[][] wire = new byte[members][];
        for (int i = 0; i < members; i++) {
            wire[i] = UpdateCodec.encode(new Update.Alive(Samples.member(i, 1_700_000_000_000L)));
        }
        MemberTable table = new MemberTable();
        long before = used();
        for (byte[] update : wire) {
            Update.Alive alive =
                    (Update.Alive) UpdateCodec.readAll(new WireReader(update)).getFirst();
            table.put(alive.member(), MemberState.ALIVE, 0);
        }
        double each = (used() - before) / (double) members;
        Reference.reachabilityFence(wire);

        System.out.printf("a known member: %.0f bytes of heap%n", each);
        assertThat(table.size()).isEqualTo(members);
        assertThat(each).isLessThanOrEqualTo(200);
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

    private static long used() {
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
