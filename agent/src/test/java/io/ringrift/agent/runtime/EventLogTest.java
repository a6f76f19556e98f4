package io.ringrift.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventLogTest {
    private final KeptLog log = new KeptLog();
    private final EventLog events = new EventLog("a", log);

    @Test
    void aLeaderIsLostOnceAndNotBeforeThereWasOne() {
        leader(Leadership.none(1));
        leader(led("b", 1));
        leader(Leadership.none(1));
        leader(Leadership.none(2));
        leader(Leadership.none(3));
        leader(led("a", 3));
        assertThat(log.lines())
                .containsExactly(
                        "INFO [Leader] b leads, epoch 1",
                        "WARNING [Leader] No leader (highest epoch 1)",
                        "INFO [Bully] Became leader for epoch 3");
    }

    @Test
    void ofThisNodeItselfItSaysNothing() {
        member("a");
        member("b");
        assertThat(log.lines()).containsExactly("INFO [HTTP] b is now ALIVE");
    }

    private void leader(Leadership leadership) {
        events.accept(new AgentEvent.LeaderChanged(leadership, Duration.ZERO));
    }

    private void member(String nodeId) {
        events.accept(new AgentEvent.MemberChanged(
                nodeId, MemberState.ALIVE, Optional.empty(), 1, List.of(), Member.Source.HTTP, Duration.ZERO));
    }

    private static Leadership led(String leader, long epoch) {
        return new Leadership(Optional.of(leader), epoch, Optional.of(Leadership.Source.BULLY));
    }
}
