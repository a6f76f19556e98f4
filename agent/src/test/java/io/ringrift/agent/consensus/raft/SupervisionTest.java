package io.ringrift.agent.consensus.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.consensus.raft.Supervision.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SupervisionTest {
    private static final PeerId SELF = new PeerId("worker-0", "00000001");
    private static final RaftReport WAITS = RaftReport.without(
            Optional.of(new PeerDisk(SELF, 1, List.of())), RaftReport.State.STARTING, Optional.empty());
    private static final RaftReport VOTES = WAITS.withVoters(List.of(SELF));
    private static final RaftReport FOLLOWS =
            VOTES.withState(RaftReport.State.RUNNING).withRole(RaftRole.FOLLOWER);
    private static final RaftReport ELECTED = FOLLOWS.withRole(RaftRole.LEADER);
    private static final RaftReport LEADS = ELECTED.withLeader(Optional.of(SELF.nodeId()));

    private final Supervision supervision = new Supervision();

    @Test
    void aVoterThatDoesNotGetRunningIsStartedAgainAfterAMomentAndOnce() {
        assertThat(look(VOTES, 10)).isEqualTo(Verdict.LEAVE);
        assertThat(look(VOTES, 11)).isEqualTo(Verdict.LEAVE);
        assertThat(look(VOTES, 12)).isEqualTo(Verdict.START_AS_VOTER);
        assertThat(look(VOTES, 13)).isEqualTo(Verdict.LEAVE);
    }

    @Test
    void whoGetsRunningInTimeOrWaitsToBeTakenInIsLeftAlone() {
        look(VOTES, 10);
        look(FOLLOWS, 11);

        assertThat(look(VOTES, 12)).isEqualTo(Verdict.LEAVE);
        look(WAITS, 13);
        assertThat(look(WAITS, 60)).isEqualTo(Verdict.LEAVE);
    }

    @Test
    void whoWasElectedAndDoesNotLeadGivesUp() {
        assertThat(look(ELECTED, 10)).isEqualTo(Verdict.LEAVE);
        assertThat(look(ELECTED, 12)).isEqualTo(Verdict.GIVE_UP_LEAD);
        assertThat(look(ELECTED, 13)).isEqualTo(Verdict.LEAVE);
    }

    @Test
    void whoLeadsAfterAMomentDoesNotGiveUp() {
        look(ELECTED, 10);
        look(LEADS, 11);

        assertThat(look(LEADS, 60)).isEqualTo(Verdict.LEAVE);
        assertThat(look(ELECTED, 61)).isEqualTo(Verdict.LEAVE);
    }

    @Test
    void whoIsElectedTermAfterTermAndCommitsNothingStartsAgain() {
        for (int second = 0; second < 20; second++) {
            assertThat(look(inTerm(100 + 2 * second, 7), second))
                    .as("%d", second)
                    .isEqualTo(Verdict.LEAVE);
        }
        assertThat(look(inTerm(140, 7), 20)).isEqualTo(Verdict.ELECTED_IN_VAIN);
        assertThat(look(inTerm(140, 7), 21)).as("counts anew").isEqualTo(Verdict.LEAVE);
    }

    @Test
    void electionsThatCommitAndTermsThatStandAreLeftAlone() {
        for (int second = 0; second < 100; second++) {
            assertThat(look(inTerm(100 + 2 * second, second / 15), second)).isEqualTo(Verdict.LEAVE);
        }
        for (int second = 100; second < 200; second++) {
            assertThat(look(inTerm(300, 9), second)).isEqualTo(Verdict.LEAVE);
        }
        assertThat(look(inTerm(319, 9), 200)).as("too few").isEqualTo(Verdict.LEAVE);
    }

    private static RaftReport inTerm(long term, long commitIndex) {
        return FOLLOWS.withTerm(term).withCommitIndex(OptionalLong.of(commitIndex));
    }

    @Test
    void threeQuickStartsThenOneAMinute() {
        assertThat(waitAfterFailure(100)).isEqualTo(1);
        assertThat(waitAfterFailure(102)).isEqualTo(2);
        assertThat(waitAfterFailure(105)).isEqualTo(4);
        assertThat(waitAfterFailure(110)).isEqualTo(60);
    }

    @Test
    void aMinuteOfRunningWipesTheRecordClean() {
        waitAfterFailure(100);
        waitAfterFailure(102);
        supervision.started(Duration.ofSeconds(105));

        assertThat(waitAfterFailure(165)).isEqualTo(1);
    }

    private long waitAfterFailure(long second) {
        assertThat(supervision.failed(Duration.ofSeconds(second))).isTrue();
        assertThat(supervision.failed(Duration.ofSeconds(second))).isFalse();
        long now = second;
        while (look(WAITS, now) != Verdict.START_AGAIN) {
            now++;
        }
        return now - second;
    }

    private Verdict look(RaftReport report, long second) {
        return supervision.look(report, Duration.ofSeconds(second));
    }
}
