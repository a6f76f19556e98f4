package io.ringrift.agent.consensus.bully;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeaderLeaseTest {
    private static final Set<String> FIVE = Set.of("a", "b", "c", "d", "e");

    private final LeaderLease lease = new LeaderLease("a", at(0), Set.of("a", "b", "c"));

    @Test
    void countsFromWhenTheAcknowledgedMessageWasSent() {
        assertThat(lease.end(FIVE, 3)).isEqualTo(at(10));
        long round = lease.nextRound(at(2));
        lease.acknowledged("b", round);
        assertThat(lease.end(FIVE, 3)).as("2 of 5").isEqualTo(at(10));
        lease.acknowledged("d", round);
        assertThat(lease.end(FIVE, 3)).isEqualTo(at(12));
    }

    @Test
    void anAnswerToAnOldRoundTakesNothingBack() {
        long first = lease.nextRound(at(2));
        long second = lease.nextRound(at(4));
        lease.acknowledged("b", second);
        lease.acknowledged("c", second);
        lease.acknowledged("c", first);
        assertThat(lease.end(FIVE, 3)).isEqualTo(at(14));
    }

    @Test
    void anAnswerToARoundThatNeverWasCountsForNothing() {
        lease.acknowledged("d", 99);
        lease.acknowledged("e", -1);
        assertThat(lease.end(FIVE, 4)).isEqualTo(Duration.ZERO);
    }

    @Test
    void onlyMembersCount() {
        long round = lease.nextRound(at(2));
        lease.acknowledged("x", round);
        lease.acknowledged("y", round);
        assertThat(lease.end(FIVE, 3)).isEqualTo(at(10));
    }

    @Test
    void moreMembersNeedMoreAnswersAtOnce() {
        assertThat(lease.end(FIVE, 4)).isEqualTo(Duration.ZERO);
    }

    private static Duration at(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
