package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.PeerPlan;
import io.ringrift.agent.state.Command;
import io.ringrift.agent.state.ReplicatedState;
import io.ringrift.agent.state.StateRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real peers, one of which gets a clock that is two hours ahead and then leads. */
class WrongClockTest {
    private static final long AHEAD = Duration.ofHours(2).toMillis();

    @TempDir
    private Path root;

    private final AtomicReference<PeerId> wrong = new AtomicReference<>();
    private long epoch;

    @Test
    void aLeaderWithAWrongClockEndsNobodysLock() throws Exception {
        try (RealPeers group = new RealPeers(
                root, voter -> () -> System.currentTimeMillis() + (voter.equals(wrong.get()) ? AHEAD : 0))) {
            PeerId first = group.awaitLeader();
            propose(group, first, new Command.AcquireLock("l", "x", 600_000));
            PeerId next = RealPeers.VOTERS.stream()
                    .filter(voter -> !voter.equals(first))
                    .findFirst()
                    .orElseThrow();
            wrong.set(next);

            group.peers.get(first).transfer(next).toCompletableFuture().get(30, TimeUnit.SECONDS);
            await().atMost(RealPeers.PATIENCE)
                    .until(() -> group.peers.get(next).report().leads());
            propose(group, next, new Command.Tick());

            Peer leads = group.peers.get(next);
            assertThat(leads.<Boolean>read(state -> state.isFree("l"))).isFalse();
            assertThat(leads.read(ReplicatedState::nowMillis)).isLessThan(System.currentTimeMillis() + 60_000);
            assertThat(leads.clock().ahead()).isBetween(Duration.ofMinutes(119), Duration.ofMinutes(121));
        }
    }

    /** Its last entry is as old as the silence; the locks that it grants would end when another leads, who knows better. */
    @Test
    void aVoterThatStartedWhileNobodyWroteKnowsTheTimeWhenItLeads() throws Exception {
        try (RealPeers group = new RealPeers(
                root, voter -> () -> System.currentTimeMillis() - (voter.equals(wrong.get()) ? AHEAD : 0))) {
            PeerId first = group.awaitLeader();
            propose(group, first, new Command.Tick());
            PeerId next = RealPeers.VOTERS.stream()
                    .filter(voter -> !voter.equals(first))
                    .findFirst()
                    .orElseThrow();
            wrong.set(next);
            group.peers.get(next).close();
            long silence = System.nanoTime();
            await().atMost(RealPeers.PATIENCE)
                    .until(() ->
                            System.nanoTime() - silence > Duration.ofSeconds(4).toNanos());
            Peer again = group.peer(next, PeerPlan.Way.RESUME);
            group.peers.put(next, again);
            await().atMost(RealPeers.PATIENCE)
                    .until(() -> again.report()
                            .leader()
                            .filter(first.nodeId()::equals)
                            .isPresent());

            group.peers.get(first).transfer(next).toCompletableFuture().get(30, TimeUnit.SECONDS);
            await().atMost(RealPeers.PATIENCE).until(() -> again.report().leads());

            assertThat(again.clock().millis())
                    .isCloseTo(
                            System.currentTimeMillis(),
                            within(Duration.ofSeconds(2).toMillis()));
        }
    }

    private void propose(RealPeers group, PeerId leader, Command command) throws Exception {
        Peer peer = group.peers.get(leader);
        epoch += 2;
        peer.propose(ReplicatedState.begin(epoch, leader.nodeId()))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        byte[] entry = ReplicatedState.batch(
                epoch, peer.clock().millis(), List.of(StateRequest.of(command).encode()));
        assertThat(peer.propose(entry)
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS)
                        .accepted())
                .isTrue();
    }
}
