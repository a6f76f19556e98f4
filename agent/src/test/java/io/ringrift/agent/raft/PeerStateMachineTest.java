package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.server.protocol.TermIndex;
import org.junit.jupiter.api.Test;

class PeerStateMachineTest {
    private final PeerStateMachine machine =
            new PeerStateMachine(new EntryClock(() -> 1, () -> 1), () -> {}, why -> {});

    /** Else the snapshot that is on its way would look older than what was applied, and a new voter never be taken in. */
    @Test
    void aConfigurationThatComesBeforeItsSnapshotCountsAsNothingApplied() {
        TermIndex before = machine.getLastAppliedTermIndex();

        machine.event().notifyConfigurationChanged(7, 77, RaftConfigurationProto.getDefaultInstance());

        assertThat(machine.getLastAppliedTermIndex()).isEqualTo(before);
    }

    @Test
    void aConfigurationOfTheLogCountsAsApplied() {
        machine.event().notifyTermIndexUpdated(7, 77);

        assertThat(machine.getLastAppliedTermIndex()).isEqualTo(TermIndex.valueOf(7, 77));
    }
}
