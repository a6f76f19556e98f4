package io.ringrift.agent.membership.swim;

import static io.ringrift.agent.membership.swim.Simulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a quiet cluster costs. Bytes are those of the datagrams with their IPv4 and UDP headers. */
class TrafficTest {
    @ParameterizedTest
    @CsvSource({"3", "10", "100", "500"})
    void aQuietClusterCostsTheSameAtAnySize(int members) {
        Simulation simulation = new Simulation(members);
        simulation.keyring = Optional.of(Chaos.keys("a"));
        simulation.established(members);
        simulation.runFor(5 * SECOND);
        long bytes = sent(simulation);
        simulation.runFor(60 * SECOND);
        double perSecond = (sent(simulation) - bytes) / 60.0 / members;

        System.out.printf("quiet and sealed, N=%d: %.0f B/s a node%n", members, perSecond);
        assertThat(perSecond).isLessThanOrEqualTo(400).isGreaterThan(300);
    }

    private static long sent(Simulation simulation) {
        return simulation.nodes.stream().mapToLong(SimNode::bytesSent).sum();
    }
}
