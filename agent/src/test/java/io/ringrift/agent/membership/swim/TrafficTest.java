package io.ringrift.agent.membership.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.membership.MemberState;
import java.lang.ref.Reference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cluster costs, on the network and in memory. Bytes are those of the datagrams with their IPv4 and UDP headers. */
@Tag("simulation")
class TrafficTest {
    @ParameterizedTest
    @CsvSource({"3", "10", "100", "500"})
    void aQuietClusterCostsTheSameAtAnySize(int members) {
        double perSecond = Scenarios.quiet(new Simulation(members), members);

        System.out.printf("quiet and sealed, N=%d: %.0f B/s a node%n", members, perSecond);
        assertThat(perSecond).isLessThanOrEqualTo(400).isGreaterThan(300);
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

    private static long used() {
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
