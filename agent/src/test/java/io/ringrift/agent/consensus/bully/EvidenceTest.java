package io.ringrift.agent.consensus.bully;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.consensus.Epochs;
import io.ringrift.agent.consensus.Leadership.Source;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvidenceTest {
    private final Evidence evidence = new Evidence();

    /** Members, heard ones that remember, the highest epoch they tell, generation, what follows. */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 0, 0",
        "3, 0, 0, 0, 0",
        "3, 0, 0, 1, 0",
        "3, 0, 0, 3, 2000000",
        "3, 2, 7, 9, 7",
        "3, 1, 7, 0, 1007",
        "3, 1, 7, 2, 1000000",
        "4, 2, 7, 0, 7",
        "4, 1, 7, 0, 1007",
        "5, 3, 7, 0, 7",
        "5, 2, 7, 0, 1007",
        "5, 4, 31, 12, 31",
        "2, 1, 5, 0, 5"
    })
    void whoForgotTakesNoLessThanItMayHavePromised(
            int size, int remembering, long epoch, long generation, long expected) {
        for (int i = 1; i <= remembering; i++) {
            hear("n" + i, i == 1 ? epoch : 1, false, 0);
        }
        assertThat(evidence.baseline(electorate(size), "n0", generation)).isEqualTo(expected);
    }

    @Test
    void whereEverybodyWasHeardNothingIsMissing() {
        evidence.heard(holder("n1"), new BullyStatus(0, 4, false, false, 4, Source.BULLY, false), true);
        evidence.heard(holder("n2"), new BullyStatus(0, 0, true, false, 0, Source.BULLY, false), true);
        assertThat(evidence.baseline(electorate(3), "n0", 1)).isEqualTo(4);
        assertThat(evidence.baseline(electorate(3), "n0", 3)).isEqualTo(2_000_000);
    }

    @Test
    void whoForgotToldNothing() {
        evidence.heard(holder("n1"), new BullyStatus(0, 0, true, false, 0, Source.BULLY, false), true);
        evidence.heard(holder("n2"), new BullyStatus(0, 0, true, false, 0, Source.BULLY, false), true);
        assertThat(evidence.baseline(electorate(3), "n0", 0)).isZero();
    }

    @Test
    void whatWasSaidToAFormerRunTellsNothingOfNow() {
        evidence.heard(holder("n1"), new BullyStatus(0, 7, false, false, 0, Source.BULLY, false), false);
        evidence.heard(holder("n2"), new BullyStatus(0, 7, false, false, 0, Source.BULLY, false), false);

        assertThat(evidence.clearance(electorate(3), "n0")).isEmpty();
        assertThat(evidence.baseline(electorate(3), "n0", 0)).isEqualTo(1_007);
    }

    @Test
    void isClearWhenAllWereHeardAndNobodyCountsOnAPromise() {
        hear("n1", 3, false, 0);
        assertThat(evidence.clearance(electorate(3), "n0")).as("one is missing").isEmpty();
        hear("n2", 3, false, 0);
        assertThat(evidence.clearance(electorate(3), "n0"))
                .contains(new Evidence.Clearance(Optional.empty(), 0, Source.BULLY));
    }

    @Test
    void aClaimantMayCountOnAPromise() {
        hear("n1", 3, true, 0);
        hear("n2", 3, false, 0);
        assertThat(evidence.clearance(electorate(3), "n0")).isEmpty();
    }

    @Test
    void aLeaderMayCountOnAPromiseAndIsNamed() {
        hear("n1", 3, false, 3);
        hear("n2", 3, false, 0);
        assertThat(evidence.clearance(electorate(3), "n0"))
                .contains(new Evidence.Clearance(Optional.of(holder("n1")), 3, Source.BULLY));
        hear("n2", 4, false, 4);
        assertThat(evidence.clearance(electorate(3), "n0")).as("two of them").isEmpty();
    }

    @Test
    void isNeverClearWhileTheNumberOfMembersIsUnknown() {
        assertThat(evidence.clearance(new Electorate(Set.of("n0"), 1, true, Set.of(), Set.of()), "n0"))
                .isEmpty();
        assertThat(evidence.clearance(new Electorate(Set.of("n0"), 0, false, Set.of(), Set.of()), "n0"))
                .isEmpty();
        assertThat(evidence.clearance(electorate(1), "n0")).isPresent();
    }

    @Test
    void floorsStayExactInJson() {
        assertThat(List.of(Evidence.floor(0), Evidence.floor(1), Evidence.floor(2), Evidence.floor(12)))
                .containsExactly(0L, 0L, 1_000_000L, 11_000_000L);
        assertThat(Evidence.floor(Long.MAX_VALUE)).isLessThan(Epochs.MAX);
    }

    private void hear(String nodeId, long epoch, boolean claiming, long leads) {
        evidence.heard(holder(nodeId), new BullyStatus(0, epoch, false, claiming, leads, Source.BULLY, false), true);
    }

    private static Holder holder(String nodeId) {
        return new Holder(nodeId, nodeId.hashCode());
    }

    private static Electorate electorate(int size) {
        Set<String> members = new TreeSet<>();
        for (int i = 0; i < size; i++) {
            members.add("n" + i);
        }
        return new Electorate(members, 0, true, members, Set.of());
    }
}
