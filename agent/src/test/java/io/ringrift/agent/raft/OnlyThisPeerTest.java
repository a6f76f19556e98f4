package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ringrift.agent.config.AgentConfig.RaftProfile;
import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.PeerPlan;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.process.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.ratis.proto.RaftProtos.GroupListRequestProto;
import org.apache.ratis.proto.grpc.AdminProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real peers on real sockets. */
class OnlyThisPeerTest {
    private static final PeerId ASKS = new PeerId("worker-0", "00000001");
    private static final PeerId LOST = new PeerId("worker-1", "00000002");
    private static final PeerId SUCCESSOR = new PeerId("worker-1", "00000003");

    @TempDir
    private Path root;

    private final List<Integer> ports = FreePorts.take(2);

    @Test
    void aNewDiskDoesNotAnswerForTheOneThatWasLost() throws IOException {
        Peer asks = peer(ASKS, ports.get(0));
        Peer successor = peer(SUCCESSOR, ports.get(1));
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> asks.greet(SUCCESSOR));

            assertThat(asks.greet(LOST)).isFalse();
            assertThat(asks.greet(SUCCESSOR)).isTrue();
        } finally {
            asks.close();
            successor.close();
        }
    }

    @Test
    void administratorsHaveNoBusinessHere() throws IOException {
        Peer peer = peer(ASKS, ports.get(0));
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", ports.get(0))
                .usePlaintext()
                .build();
        try {
            assertThatThrownBy(() -> AdminProtocolServiceGrpc.newBlockingStub(channel)
                            .groupList(GroupListRequestProto.getDefaultInstance()))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
        } finally {
            channel.shutdownNow();
            peer.close();
        }
    }

    private Peer peer(PeerId self, int port) throws IOException {
        RaftDirectory directory =
                new RaftDirectory(root.resolve(self.toString()), "test", self.nodeId(), new Random(port));
        List<PeerId> founders = List.of(ASKS, LOST, SUCCESSOR);
        directory.begin(directory.open(), 1, founders);
        Address of1 = new Address("127.0.0.1", ports.get(1));
        return new RatisPeer(
                new PeerPlan(self, 1, founders, PeerPlan.Way.FOUND, RaftProfile.STEADY),
                new RatisPeer.Place(
                        directory,
                        "127.0.0.1",
                        port,
                        Optional.empty(),
                        new EntryClock(System::currentTimeMillis, System::nanoTime)),
                Map.of(ASKS, new Address("127.0.0.1", ports.get(0)), LOST, of1, SUCCESSOR, of1),
                () -> {},
                why -> {});
    }
}
