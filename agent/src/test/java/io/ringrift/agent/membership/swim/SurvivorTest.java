package io.ringrift.agent.membership.swim;

import static io.ringrift.agent.membership.swim.Simulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.swim.SwimEffect.Change;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the last member says when nobody answers any more: it cannot tell a dead cluster from a cable that is out, and must not lie about either for ever. */
class SurvivorTest {
    private final Simulation simulation = new Simulation(7);

    /** Of two or three the ear rule does not speak, for there are no two relays to ask: the others are FAILED within the usual bound. */
    @ParameterizedTest
    @CsvSource({"2", "3"})
    void inASmallestClusterTheOthersAreFailed(int members) {
        SimNode last = survivorOf(members, false);
        simulation.until("all others FAILED", 6 * SECOND * (members - 1), () -> failed(last) == members - 1);

        assertThat(last.core().status().isolated()).isFalse();
    }

    /** The processes died and their hosts say so: no doubt about this node's ears. */
    @ParameterizedTest
    @CsvSource({"4", "10", "50"})
    void killedProcessesAreFailedWithoutAnyDoubt(int members) {
        SimNode last = survivorOf(members, true);
        simulation.until("all others FAILED", 60 * SECOND, () -> failed(last) == members - 1);

        assertThat(last.notices).noneMatch(SwimEffect.Isolated.class::isInstance);
    }

    /** All hosts vanish together, or this one's network does: first isolated with the view kept, in the end the others are given up. */
    @ParameterizedTest
    @CsvSource({"4", "10", "200"})
    void whoHearsNobodyIsIsolatedFirstAndTheLastSurvivorInTheEnd(int members) {
        SimNode last = survivorOf(members, false);
        simulation.until("isolated", 15 * SECOND, () -> last.core().status().isolated());
        simulation.runFor(55 * SECOND);
        assertThat(last.core().status().alive()).as("the view is kept").isEqualTo(members);

        simulation.until("all others FAILED", 40 * SECOND, () -> failed(last) == members - 1);
        assertThat(last.core().status().isolated()).isTrue();
    }

    /** It was the cable after all: what this node believed meanwhile costs nobody else his life. */
    @Test
    void whoComesBackAfterGivingUpBuriesNobody() {
        List<SimNode> nodes = simulation.established(50);
        simulation.runFor(3 * SECOND);
        SimNode alone = nodes.get(3);
        simulation.cut = (from, to) -> from == alone || to == alone;
        simulation.until("all others given up", 120 * SECOND, () -> failed(alone) == 49);
        simulation.changes.clear();
        simulation.cut = (from, to) -> false;
        long took = simulation.until("equal views", 60 * SECOND, () -> simulation.complete() && simulation.agreed());

        System.out.printf("one of 50 cut off until it gave up the others: equal views %.1f s after%n", took / 1e9);
        assertThat(took).isLessThanOrEqualTo(15 * SECOND);
        assertThat(simulation.changes).noneMatch(change -> change.event().change() == Change.FAILED);
        assertThat(alone.core().status().isolated()).isFalse();
    }

    /** The cable is back at the worst moment, while the verdicts are being made. */
    @Test
    void whoComesBackWhileGivingUpBuriesNobody() {
        List<SimNode> nodes = simulation.established(50);
        simulation.runFor(3 * SECOND);
        SimNode alone = nodes.get(3);
        simulation.cut = (from, to) -> from == alone || to == alone;
        simulation.until("the first given up", 120 * SECOND, () -> failed(alone) > 0);
        simulation.cut = (from, to) -> false;
        simulation.until("equal views", 60 * SECOND, () -> simulation.complete() && simulation.agreed());

        assertThat(simulation.changes)
                .filteredOn(change -> change.viewer() != alone
                        && !change.event().member().nodeId().equals(alone.nodeId()))
                .noneMatch(change -> change.event().change() == Change.FAILED);
    }

    private SimNode survivorOf(int members, boolean refuse) {
        List<SimNode> nodes = simulation.established(members);
        simulation.runFor(3 * SECOND);
        nodes.subList(1, members).forEach(refuse ? SimNode::kill : SimNode::crash);
        return nodes.getFirst();
    }

    private static long failed(SimNode viewer) {
        return viewer.core().members().stream()
                .filter(member -> member.state() == MemberState.FAILED)
                .count();
    }
}
