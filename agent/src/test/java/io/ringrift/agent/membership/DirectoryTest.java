package io.ringrift.agent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.membership.Directory.Admission;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DirectoryTest {
    private static final Address NAME = new Address("a.peers", 8770);

    private final Directory directory = new Directory();

    @Test
    void theNewestRunCounts() {
        assertThat(admit(1, 100, "h1")).isEqualTo(Admission.FIRST_HEARD);
        assertThat(admit(1, 100, "h1")).isEqualTo(Admission.KNOWN);
        assertThat(admit(1, 101, "h1")).isEqualTo(Admission.CHANGED);
        assertThat(admit(1, 100, "h1")).as("overtaken on its way").isEqualTo(Admission.KNOWN);
        assertThat(admit(2, 200, "h2")).isEqualTo(Admission.NEWER_RUN);
        assertThat(admit(1, 101, "h1")).isEqualTo(Admission.OLDER_RUN);
        assertThat(admit(3, 300, "h2")).isEqualTo(Admission.NEWER_RUN_SAME_ADDRESS);
        assertThat(directory.instance("a")).hasValue(3);
    }

    @Test
    void twoRunsOfOneMillisecondAreToldApartAlikeEverywhere() {
        assertThat(admit(-1, 100, "h1")).isEqualTo(Admission.FIRST_HEARD);
        assertThat(admit(1, 100, "h2")).as("instance ids compare unsigned").isEqualTo(Admission.OLDER_RUN);
    }

    @Test
    void anUnansweredRequestMakesItTryTheOtherAddress() {
        directory.configure(Map.of("a", NAME));
        assertThat(directory.nextAddress("a")).contains(NAME);
        admit(1, 100, "h1");

        assertThat(directory.nextAddress("a")).contains(new Address("h1", 8770));
        assertThat(directory.nextAddress("a"))
                .as("the first may still be under way")
                .contains(new Address("h1", 8770));
        assertThat(directory.nextAddress("a")).contains(NAME);
        assertThat(directory.nextAddress("a")).contains(new Address("h1", 8770));
    }

    @Test
    void whereSomebodyElseAnswersItIsAskedNoMore() {
        directory.configure(Map.of("a", NAME));
        admit(1, 100, "h1");

        directory.notAt("a", new Address("h1", 8770));

        assertThat(directory.nextAddress("a")).contains(NAME);
    }

    @Test
    void aHintIsOnlyForThoseWhoWereNeverHeard() {
        assertThat(directory.hint("a", new Address("x", 1))).isTrue();
        assertThat(directory.nextAddress("a")).contains(new Address("x", 1));
        admit(1, 100, "h1");
        assertThat(directory.hint("a", new Address("y", 1))).isFalse();
        assertThat(directory.address("a")).contains(new Address("h1", 8770));
    }

    @Test
    void isBounded() {
        for (int i = 0; i < MembershipTable.MAX_MEMBERS; i++) {
            directory.admit(Sightings.of("n" + i, i, 1, "h"));
        }
        assertThat(admit(1, 1, "h")).isEqualTo(Admission.FULL);
        assertThat(directory.hint("another", NAME)).isFalse();
        assertThat(directory.admit(Sightings.of("n0", 0, 1, "h"))).isEqualTo(Admission.KNOWN);
    }

    @Test
    void forgetsOnlyWhatIsNotConfigured() {
        directory.configure(Map.of("a", NAME));
        directory.admit(Sightings.of("b", 1, 1, "h"));

        directory.forget(List.of("a", "b"));

        assertThat(directory.nodeIds()).containsExactly("a");
    }

    private Admission admit(long instance, long incarnation, String host) {
        return directory.admit(Sightings.of("a", instance, incarnation, host));
    }
}
