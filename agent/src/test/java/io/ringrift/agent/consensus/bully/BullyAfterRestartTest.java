package io.ringrift.agent.consensus.bully;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.consensus.Leadership.Source;
import io.ringrift.agent.consensus.bully.BullyMessage.Acknowledgement;
import io.ringrift.agent.consensus.bully.BullyMessage.Coordinator;
import io.ringrift.agent.consensus.bully.BullyMessage.Outcome;
import io.ringrift.agent.membership.Identity;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a run may promise, and count, while it cannot know what its former run has promised. The other two of three are n1 and n2. */
class BullyAfterRestartTest {
    private static final Set<String> MEMBERS = Set.of("n0", "n1", "n2");
    private static final Duration LEASES_OVER = Bully.LEASE.plus(Bully.MARGIN);

    @Test
    void whoForgotStaysAboveWhatSomebodyKnowsWhoSpeaksLate() {
        Bully bully = bully(Remembered.NOTHING);
        bully.tick(LEASES_OVER);
        Duration late = LEASES_OVER.plusSeconds(1);

        bully.heard("n1", 1, new BullyStatus(0, 3, false, false, 0, Source.BULLY, false), true, late);

        assertThat(answer(bully.receive("n1", 1, 7, new Coordinator(4, 0, Source.BULLY), late)))
                .isEqualTo(Outcome.EPOCH);
    }

    @Test
    void whatSomebodyLearnsLaterWasNotPromisedBefore() {
        Bully bully = bully(Remembered.NOTHING);
        bully.heard("n1", 1, new BullyStatus(0, 0, true, false, 0, Source.BULLY, false), true, at(1));
        bully.tick(LEASES_OVER);
        Duration late = LEASES_OVER.plusSeconds(1);

        bully.heard("n1", 1, new BullyStatus(0, 1, false, false, 0, Source.BULLY, false), true, late);

        assertThat(bully.receive("n1", 1, 7, new Coordinator(2, 0, Source.BULLY), late))
                .contains(new BullyEffect.Persist(new Remembered(2, false)));
    }

    @Test
    void ownPromiseCountsForRaftOnceNoLeaseOfBullysCanRun() {
        Bully bully = claimsForRaft(new Remembered(5, false));

        bully.leadForRaft(true, at(2));
        assertThat(bully.raftLeads()).isZero();
        bully.receive("n1", 1, 0, new Acknowledgement(6, 0, Outcome.ACCEPTED), at(3));
        bully.leadForRaft(true, at(3));
        assertThat(bully.raftLeads()).isZero();

        bully.tick(LEASES_OVER);
        bully.leadForRaft(true, LEASES_OVER);
        assertThat(bully.raftLeads()).isEqualTo(6);
    }

    @Test
    void whoPromisedToRaftLastIsBoundByNothingButNotAlone() {
        Bully bully = claimsForRaft(new Remembered(5, true));

        bully.leadForRaft(true, at(2));
        assertThat(bully.raftLeads()).isZero();

        bully.receive("n1", 1, 0, new Acknowledgement(6, 0, Outcome.ACCEPTED), at(3));
        bully.leadForRaft(true, at(3));
        assertThat(bully.raftLeads()).isEqualTo(6);
    }

    @Test
    void whoPromisedToRaftLastPromisesToItAtOnceAndToBullyNot() {
        Bully bully = bully(new Remembered(5, true));

        assertThat(answer(bully.receive("n1", 1, 7, new Coordinator(6, 0, Source.BULLY), at(1))))
                .isEqualTo(Outcome.ABSTAIN);
        assertThat(bully.receive("n1", 1, 8, new Coordinator(6, 0, Source.RAFT), at(1)))
                .contains(new BullyEffect.Persist(new Remembered(6, true)));
    }

    private static Bully claimsForRaft(Remembered remembered) {
        Bully bully = bully(remembered);
        bully.claimForRaft(6, at(1));
        bully.persisted(6, true, at(1));
        return bully;
    }

    private static Bully bully(Remembered remembered) {
        Bully bully = new Bully(new Identity("n0", 1, 1), remembered, new SplittableRandom(1), at(0));
        bully.electorate(new Electorate(MEMBERS, 0, true, MEMBERS, Set.of()), at(0));
        return bully;
    }

    private static Outcome answer(List<BullyEffect> effects) {
        return effects.stream()
                .filter(BullyEffect.Reply.class::isInstance)
                .map(reply -> ((Acknowledgement) ((BullyEffect.Reply) reply).message()).outcome())
                .findFirst()
                .orElseThrow();
    }

    private static Duration at(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
