package io.ringrift.agent.consensus.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RaftOnlyTest {
    private static final Duration NOW = Duration.ofSeconds(5);

    @Test
    void holdsOnceEnoughWereHeardAndUntilSomebodyContradicts() {
        RaftOnly raftOnly = new RaftOnly(false);
        assertThat(raftOnly.learn(false, false, NOW)).isEmpty();
        assertThat(raftOnly.holds()).isFalse();

        assertThat(raftOnly.learn(false, true, NOW)).contains(true);
        assertThat(raftOnly.holds()).isTrue();
        raftOnly.persisted(true, true, NOW);
        assertThat(raftOnly.learn(false, false, NOW))
                .as("a new member is no news")
                .isEmpty();
        assertThat(raftOnly.holds()).isTrue();

        assertThat(raftOnly.learn(true, false, NOW)).contains(false);
        assertThat(raftOnly.holds()).isFalse();
        raftOnly.persisted(false, true, NOW);
        assertThat(raftOnly.learn(false, false, NOW)).isEmpty();
        assertThat(raftOnly.holds()).as("they have to be heard again").isFalse();
    }

    @Test
    void goesOnFromWhatTheDiskKept() {
        RaftOnly raftOnly = new RaftOnly(true);
        assertThat(raftOnly.learn(false, false, NOW)).isEmpty();
        assertThat(raftOnly.holds()).isTrue();
    }

    @Test
    void whatTheDiskRefusesIsTriedAgain() {
        RaftOnly raftOnly = new RaftOnly(true);
        assertThat(raftOnly.learn(true, false, NOW)).contains(false);
        assertThat(raftOnly.learn(true, false, NOW)).as("under way").isEmpty();
        raftOnly.persisted(false, false, NOW);
        assertThat(raftOnly.learn(true, false, NOW)).as("not at once").isEmpty();
        assertThat(raftOnly.learn(true, false, NOW.plusSeconds(1))).contains(false);
    }

    @Test
    void aChangeWhileItIsWrittenIsWrittenNext() {
        RaftOnly raftOnly = new RaftOnly(false);
        assertThat(raftOnly.learn(false, true, NOW)).contains(true);
        assertThat(raftOnly.learn(true, true, NOW)).isEmpty();
        raftOnly.persisted(true, true, NOW);
        assertThat(raftOnly.learn(true, true, NOW)).contains(false);
    }
}
