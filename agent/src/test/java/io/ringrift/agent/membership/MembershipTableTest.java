package io.ringrift.agent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MembershipTableTest {
    private static final Duration NOW = Duration.ofSeconds(5);

    @Test
    void viewsAreEqualWhateverAddressIncarnationAndSourceSay() {
        Verdict here = verdict("a", MemberState.ALIVE, true);
        Verdict there = new Verdict(
                "a",
                MemberState.ALIVE,
                Duration.ZERO,
                Member.Source.SWIM,
                false,
                Optional.of(new Address("10.0.0.1", 1)),
                7,
                Optional.empty(),
                List.of(),
                true);

        assertThat(hash(here)).isEqualTo(hash(there)).hasSize(16);
    }

    @Test
    void viewsDifferByMemberAndByState() {
        assertThat(List.of(
                        hash(),
                        hash(verdict("a", MemberState.ALIVE, true)),
                        hash(verdict("b", MemberState.ALIVE, true)),
                        hash(verdict("a", MemberState.SUSPECTED, true)),
                        hash(verdict("a", MemberState.FAILED, true)),
                        hash(verdict("a", MemberState.ALIVE, true), verdict("b", MemberState.ALIVE, true))))
                .doesNotHaveDuplicates();
    }

    @Test
    void goneIsGoneHoweverItWent() {
        assertThat(hash(verdict("a", MemberState.LEFT, true))).isEqualTo(hash(verdict("a", MemberState.FAILED, true)));
    }

    @Test
    void aGoneMemberThatNobodyConfiguredMakesNoDifference() {
        assertThat(hash(verdict("a", MemberState.FAILED, false))).isEqualTo(hash());
        assertThat(hash(verdict("a", MemberState.ALIVE, false))).isNotEqualTo(hash());
    }

    @Test
    void tellsWhatIsNewAndWhatChanged() {
        MembershipTable table = new MembershipTable();

        assertThat(table.replace(
                        List.of(verdict("b", MemberState.ALIVE, true), verdict("a", MemberState.ALIVE, true)), NOW))
                .extracting(change -> change.member().nodeId(), MembershipTable.Change::previous)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", Optional.empty()),
                        org.assertj.core.groups.Tuple.tuple("b", Optional.empty()));
        assertThat(table.replace(
                        List.of(verdict("a", MemberState.ALIVE, true), verdict("b", MemberState.SUSPECTED, true)),
                        NOW.plusSeconds(1)))
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.member().nodeId()).isEqualTo("b");
                    assertThat(change.previous()).contains(MemberState.ALIVE);
                    assertThat(change.member().since()).isEqualTo(NOW.plusSeconds(1));
                });
        assertThat(table.member("a")).map(Member::since).contains(NOW);
    }

    @Test
    void whoIsNotInTheViewIsForgottenWithoutAWord() {
        MembershipTable table = new MembershipTable();
        table.replace(List.of(verdict("a", MemberState.FAILED, false)), NOW);

        assertThat(table.replace(List.of(), NOW)).isEmpty();
        assertThat(table.members()).isEmpty();
    }

    private static String hash(Verdict... verdicts) {
        MembershipTable table = new MembershipTable();
        table.replace(List.of(verdicts), NOW);
        return table.viewHash();
    }

    private static Verdict verdict(String nodeId, MemberState state, boolean configured) {
        return new Verdict(
                nodeId,
                state,
                Duration.ZERO,
                Member.Source.HTTP,
                configured,
                Optional.empty(),
                1,
                Optional.empty(),
                List.of(),
                false);
    }
}
