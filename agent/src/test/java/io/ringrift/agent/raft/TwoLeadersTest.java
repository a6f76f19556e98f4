package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.AgentConfig.RaftProfile;
import io.ringrift.agent.consensus.raft.RaftTimes;
import io.ringrift.agent.process.FreePorts;
import io.ringrift.agent.raft.wire.Sockets;
import io.ringrift.agent.raft.wire.WireSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.ProtoUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real follower that hears of another leader while the last entry of the one before is on its way to the disk. */
class TwoLeadersTest {
    private static final String SELF = "n-0.00000001";
    private static final String BEFORE = "n-1.00000001";
    private static final String NOW = "n-2.00000001";
    private static final RaftGroupId GROUP = RaftGroupId.valueOf(new UUID(1, 1));
    private static final int ENTRIES = 40;

    @TempDir
    private Path root;

    private RaftServer server;

    @BeforeEach
    void start() throws Exception {
        EntryClock clock = new EntryClock(System::currentTimeMillis, System::nanoTime);
        InetSocketAddress at =
                new InetSocketAddress("127.0.0.1", FreePorts.take(1).getFirst());
        Parameters parameters = new Parameters();
        parameters.put(Followers.class.getName(), new Followers(), Followers.class);
        parameters.put(
                WireSettings.class.getName(),
                new WireSettings(SELF, at, peer -> Optional.empty(), Sockets.plain(), clock),
                WireSettings.class);
        List<RaftPeer> peers = Stream.of(SELF, BEFORE, NOW)
                .map(id -> RaftPeer.newBuilder().setId(id).setAddress(id).build())
                .toList();
        server = RaftServer.newBuilder()
                .setServerId(peers.getFirst().getId())
                .setProperties(RaftSettings.of(RaftTimes.of(RaftProfile.DEFAULT), root))
                .setParameters(parameters)
                .setStateMachine(new PeerStateMachine(clock, () -> {}, failure -> {}))
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setGroup(RaftGroup.valueOf(GROUP, peers))
                .build();
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void itHasWhatItSaysToHave() throws Exception {
        for (int index = 0; index < ENTRIES; index++) {
            long stale = 2L * index + 1;
            long newer = stale + 1;

            append(BEFORE, stale, index);
            AppendEntriesReplyProto reply = append(NOW, newer, index).get(10, TimeUnit.SECONDS);

            assertThat(reply.getResult()).isEqualTo(AppendResult.SUCCESS);
            assertThat(reply.getMatchIndex()).isEqualTo(index);
            assertThat(server.getDivision(GROUP)
                            .getRaftLog()
                            .getTermIndex(index)
                            .getTerm())
                    .as("term of entry %d, which the leader of term %d counts as stored", index, newer)
                    .isEqualTo(newer);
        }
    }

    /** A leader's entry of its own term, after those of the leaders that were right before. */
    private CompletableFuture<AppendEntriesReplyProto> append(String leader, long term, long index) throws Exception {
        AppendEntriesRequestProto.Builder request = AppendEntriesRequestProto.newBuilder()
                .setServerRequest(RaftRpcRequestProto.newBuilder()
                        .setRequestorId(ByteString.copyFromUtf8(leader))
                        .setReplyId(ByteString.copyFromUtf8(SELF))
                        .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(GROUP)))
                .setLeaderTerm(term)
                .setLeaderCommit(RaftLog.INVALID_LOG_INDEX)
                .addEntries(LogEntryProto.newBuilder()
                        .setTerm(term)
                        .setIndex(index)
                        .setStateMachineLogEntry(StateMachineLogEntryProto.newBuilder()
                                .setLogData(ByteString.copyFromUtf8("of " + leader))
                                .setClientId(ClientId.randomId().toByteString())
                                .setCallId(index)));
        if (index > 0) {
            request.setPreviousLog(
                    TermIndexProto.newBuilder().setTerm(2 * index).setIndex(index - 1));
        }
        return server.appendEntriesAsync(request.build());
    }
}
