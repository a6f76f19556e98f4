package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.AgentConfig.RaftProfile;
import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.PeerPlan;
import io.ringrift.agent.consensus.raft.RaftOrder;
import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.consensus.raft.RaftRole;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.state.Applied;
import io.ringrift.agent.state.ReplicatedState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the real peer cannot be made to do at will: everything else about the host is tried with Ratis, in agents that run as processes. */
class RaftHostTest {
    private static final long PATIENCE_SECONDS = 20;

    @TempDir
    private Path data;

    private final BlockingQueue<String> happened = new LinkedBlockingQueue<>();
    private RaftHost host;

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void aPeerThatWasElectedAndNeverLeadsIsStoppedThenStartedAgain() throws Exception {
        start(RaftRole.LEADER);

        assertThat(next()).isEqualTo("started");
        assertThat(next()).isEqualTo("closed");
        assertThat(next())
                .isEqualTo(
                        "FAILED: Raft's peer was elected and never began to lead: it was stopped, so that another can be");
        String again = next();
        while (again.startsWith("FAILED")) {
            again = next();
        }
        assertThat(again).isEqualTo("started");
    }

    @Test
    void aPeerThatWouldHaveStoodWhileItAbstainedIsStartedAgainWhenItMayStand() throws Exception {
        start(RaftRole.CANDIDATE);
        assertThat(next()).isEqualTo("started");

        host.carryOut(new RaftOrder.Abstain(true));
        assertThat(next()).isEqualTo("abstains true");
        host.carryOut(new RaftOrder.Abstain(false));
        assertThat(next()).isEqualTo("abstains false");
        assertThat(next()).isEqualTo("closed");
        assertThat(next()).isEqualTo("started");
    }

    @Test
    void aPeerThatIsStartedAgainAbstainsLikeTheOneBefore() throws Exception {
        start(RaftRole.LEADER);
        assertThat(next()).isEqualTo("started");
        host.carryOut(new RaftOrder.Abstain(true));
        assertThat(next()).isEqualTo("abstains true");
        String again = next();
        while (!again.equals("started")) {
            again = next();
        }
        assertThat(next()).isEqualTo("abstains true");
    }

    /** @param role of every peer, whatever happens to it */
    private void start(RaftRole role) {
        host = new RaftHost(
                new RaftDirectory(data, "test", "worker-0", new Random(1)), (plan, addresses, changed, failed) -> {
                    happened.add("started");
                    return new Lasting(role);
                });
        host.follow(report -> report.trouble().ifPresent(why -> happened.add(report.state() + ": " + why)));
        PeerId self = new PeerId("worker-0", "00000001");
        host.carryOut(new RaftOrder.OpenDisk());
        host.carryOut(new RaftOrder.Run(
                Optional.of(new PeerPlan(self, 1, List.of(self), PeerPlan.Way.FOUND, RaftProfile.STEADY))));
    }

    private String next() throws InterruptedException {
        return happened.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private final class Lasting implements Peer {
        private final RaftRole role;

        private Lasting(RaftRole role) {
            this.role = role;
        }

        @Override
        public RaftReport report() {
            return RaftReport.without(Optional.empty(), RaftReport.State.RUNNING, Optional.empty())
                    .withRole(role);
        }

        @Override
        public Optional<Duration> leaseLeft() {
            return Optional.empty();
        }

        @Override
        public CompletionStage<Applied> propose(byte[] entry) {
            return new CompletableFuture<>();
        }

        @Override
        public <T> T read(Function<ReplicatedState, T> how) {
            throw new UnsupportedOperationException();
        }

        @Override
        public EntryClock clock() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void addresses(Map<PeerId, Address> byPeer) {}

        @Override
        public CompletionStage<Void> reconfigure(List<PeerId> from, List<PeerId> voters) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Void> transfer(PeerId to) {
            return new CompletableFuture<>();
        }

        @Override
        public void abstain(boolean wanted) {
            happened.add("abstains " + wanted);
        }

        @Override
        public void stand(PeerId leader) {}

        @Override
        public void greet(PeerId voter) {}

        @Override
        public CompletionStage<Long> snapshot() {
            return new CompletableFuture<>();
        }

        @Override
        public void close() {
            happened.add("closed");
        }
    }
}
