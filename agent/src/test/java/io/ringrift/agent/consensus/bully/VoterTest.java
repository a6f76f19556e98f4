package io.ringrift.agent.consensus.bully;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.consensus.Leadership.Source;
import io.ringrift.agent.consensus.bully.BullyMessage.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VoterTest {
    private static final Holder A = new Holder("a", 1);
    private static final Holder A_RESTARTED = new Holder("a", 2);
    private static final Holder B = new Holder("b", 3);
    private static final Duration NOW = Duration.ofSeconds(100);
    private static final Duration AFTER_LEASE = NOW.plus(Bully.LEASE).plus(Bully.MARGIN);

    private final Voter voter = new Voter(0);

    @Test
    void promisesAnEpochToOneRunOnly() {
        promise(5, A);
        assertThat(voter.judgeClaim(5, A, Source.BULLY, NOW)).as("repeated").isEqualTo(Outcome.ACCEPTED);
        assertThat(voter.judgeClaim(5, A_RESTARTED, Source.BULLY, AFTER_LEASE)).isEqualTo(Outcome.EPOCH);
        assertThat(voter.judgeClaim(5, B, Source.BULLY, AFTER_LEASE)).isEqualTo(Outcome.EPOCH);
        assertThat(voter.judgeClaim(4, A, Source.BULLY, AFTER_LEASE)).isEqualTo(Outcome.EPOCH);
        assertThat(voter.judgeClaim(6, B, Source.BULLY, AFTER_LEASE)).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void promisesNobodyElseWhileALeaseRuns() {
        promise(5, A);
        assertThat(voter.judgeClaim(6, B, Source.BULLY, AFTER_LEASE.minusNanos(1)))
                .isEqualTo(Outcome.LEASE);
        assertThat(voter.judgeClaim(6, A, Source.BULLY, NOW))
                .as("its holder may go on higher")
                .isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void remembersOnlyWhatIsDurable() {
        Voter restarted = new Voter(5);
        assertThat(restarted.judgeClaim(5, A, Source.BULLY, NOW))
                .as("to whom, it no longer knows")
                .isEqualTo(Outcome.EPOCH);
        assertThat(restarted.judgeClaim(6, A, Source.BULLY, NOW)).isEqualTo(Outcome.ACCEPTED);
        assertThat(restarted.isStored(6)).isFalse();
        assertThat(restarted.fresh()).isFalse();
        assertThat(voter.fresh()).isTrue();
    }

    @Test
    void promisesNothingWhileTheDiskHasNotAnswered() {
        voter.bind(5, A);
        voter.store(new Voter.Pending(A, 5, Source.BULLY, 1, 0));
        assertThat(voter.judgeClaim(9, B, Source.BULLY, NOW)).isEqualTo(Outcome.ABSTAIN);
        assertThat(voter.stored(4, true)).as("another write's answer").isEmpty();
        assertThat(voter.stored(5, false)).isPresent();
        assertThat(voter.isStored(5)).isFalse();
    }

    @Test
    void anEstablishedLeaderOfAHigherEpochVoidsALowerLease() {
        promise(5, A);
        assertThat(voter.judgeHeartbeat(6, B, Source.BULLY, NOW)).isEqualTo(Outcome.ACCEPTED);
        assertThat(voter.judgeHeartbeat(4, B, Source.BULLY, NOW)).isEqualTo(Outcome.LEASE);
        assertThat(voter.judgeHeartbeat(4, B, Source.BULLY, AFTER_LEASE)).isEqualTo(Outcome.EPOCH);
    }

    @Test
    void whoeverGaveAnEpochUpHasItNoMoreHoweverLateItsMessageComes() {
        promise(5, A);
        voter.release(5, A);
        assertThat(voter.judgeClaim(6, B, Source.BULLY, NOW)).isEqualTo(Outcome.ACCEPTED);
        assertThat(voter.judgeHeartbeat(5, A, Source.BULLY, NOW)).isEqualTo(Outcome.ABSTAIN);
        assertThat(voter.judgeClaim(5, A, Source.BULLY, NOW)).isEqualTo(Outcome.ABSTAIN);
    }

    @Test
    void nobodyReleasesWhatAnotherHolds() {
        promise(5, A);
        voter.release(5, B);
        assertThat(voter.judgeClaim(6, B, Source.BULLY, NOW)).isEqualTo(Outcome.LEASE);
        assertThat(voter.judgeHeartbeat(5, A, Source.BULLY, NOW)).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void aSuccessorReleasesWhatItsPredecessorLed() {
        promise(5, A);
        voter.releaseLed(4);
        assertThat(voter.leaseOfAnother(B, NOW)).isTrue();
        voter.releaseLed(5);
        assertThat(voter.leaseOfAnother(B, NOW)).isFalse();
    }

    private void promise(long epoch, Holder to) {
        assertThat(voter.judgeClaim(epoch, to, Source.BULLY, NOW)).isEqualTo(Outcome.ACCEPTED);
        voter.bind(epoch, to);
        voter.grant(epoch, to, Source.BULLY, NOW);
    }
}
