package io.ringrift.agent.membership.swim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a quiet cluster costs. Bytes are those of the datagrams with their IPv4 and UDP headers. */
class TrafficTest {
    @ParameterizedTest
    @CsvSource({"3", "10", "100", "500"})
    void aQuietClusterCostsTheSameAtAnySize(int members) {
        double perSecond = Scenarios.quiet(new Simulation(members), members);

        System.out.printf("quiet and sealed, N=%d: %.0f B/s a node%n", members, perSecond);
        assertThat(perSecond).isLessThanOrEqualTo(400).isGreaterThan(300);
    }
}
