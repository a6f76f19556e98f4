package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringrift.agent.config.AgentConfig.RaftProfile;
import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.PeerPlan;
import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.process.FreePorts;
import io.ringrift.agent.raft.wire.Sockets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real peer that meets an entry of a newer version, as after a roll back of the agents. */
class NewerEntryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final PeerId SELF = new PeerId("worker-0", "00000001");

    @TempDir
    private Path root;

    private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();

    @Test
    void itSaysSoAndAppliesNothingMoreAndSaysSoAgainWhenItIsStartedAgain() throws Exception {
        Map<PeerId, Address> addresses =
                Map.of(SELF, new Address("127.0.0.1", FreePorts.take(1).getFirst()));
        RaftDirectory directory = new RaftDirectory(root, "test", SELF.nodeId(), new Random(1));
        directory.begin(directory.open(), 1, List.of(SELF));

        Peer peer = peer(directory, addresses, PeerPlan.Way.FOUND);
        await().atMost(PATIENCE).until(() -> peer.report().leads());
        peer.propose(new byte[] {9});
        expectFailure(peer);

        expectFailure(peer(directory, addresses, PeerPlan.Way.RESUME));
    }

    private Peer peer(RaftDirectory directory, Map<PeerId, Address> addresses, PeerPlan.Way way) throws Exception {
        return new RatisPeer(
                new PeerPlan(SELF, 1, List.of(SELF), way, RaftProfile.DEFAULT),
                new RatisPeer.Place(
                        directory,
                        "127.0.0.1",
                        addresses.get(SELF).port(),
                        Sockets.plain(),
                        new EntryClock(System::currentTimeMillis, System::nanoTime)),
                addresses,
                () -> {},
                failures::add);
    }

    private void expectFailure(Peer peer) {
        await().atMost(PATIENCE).until(() -> peer.report().state() == RaftReport.State.FAILED);
        assertThat(failures.poll())
                .contains("kind 9")
                .contains("run the newer version here")
                .doesNotContain("null");
        peer.close();
    }
}
