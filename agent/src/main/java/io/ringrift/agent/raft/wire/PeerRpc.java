package io.ringrift.agent.raft.wire;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.Parser;

/** Ratis' questions to other peers and theirs to it, over {@link PeerLink} and {@link PeerPort}. Thread-safe. */
final class PeerRpc implements RaftServerRpc {
    private static final Duration ANSWERED = Duration.ofSeconds(1);

    /** The last part of a snapshot is answered when the state was read anew from it. */
    private static final Duration INSTALLED = Duration.ofSeconds(10);

    private final RpcType type;
    private final RaftServer server;
    private final WireSettings settings;
    private final PeerPort port;
    private final Map<String, PeerLink> links = new ConcurrentHashMap<>();
    private final Pulse pulse = new Pulse();
    private volatile Beat heard = new Beat(new byte[0], AppendEntriesRequestProto.getDefaultInstance());
    private volatile boolean closed;

    /** What was read from the body of a beat: the very same comes again and again. */
    private record Beat(byte[] body, AppendEntriesRequestProto request) {}

    PeerRpc(RpcType type, RaftServer server, WireSettings settings) {
        this.type = type;
        this.server = server;
        this.settings = settings;
        try {
            this.port = new PeerPort(settings.self(), this::answer, settings.sockets(), settings.clock());
        } catch (IOException noSocket) {
            throw new UncheckedIOException(noSocket);
        }
    }

    @Override
    public RpcType getRpcType() {
        return type;
    }

    @Override
    public void start() throws IOException {
        port.open(settings.at());
    }

    @Override
    public InetSocketAddress getInetSocketAddress() {
        return port.address();
    }

    @Override
    public void addRaftPeers(Collection<RaftPeer> peers) {
        // There is a link once there is something to ask.
    }

    @Override
    public void handleException(RaftPeerId peer, Exception failure, boolean reconnect) {
        // A link sees to that itself.
    }

    // ---- this peer asks

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
        return answered(ANSWERED, Frame.Kind.VOTE, request.getServerRequest(), request, RequestVoteReplyProto.parser());
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
        return answered(
                ANSWERED, Frame.Kind.APPEND, request.getServerRequest(), request, AppendEntriesReplyProto.parser());
    }

    CompletableFuture<AppendEntriesReplyProto> append(AppendEntriesRequestProto request) {
        return ask(Frame.Kind.APPEND, request.getServerRequest(), request, AppendEntriesReplyProto.parser());
    }

    /** Sends a heartbeat, which costs next to nothing where it is the same object as the one before. */
    CompletableFuture<AppendEntriesReplyProto> beat(AppendEntriesRequestProto heartbeat) {
        return ask(Frame.Kind.BEAT, heartbeat.getServerRequest(), heartbeat, AppendEntriesReplyProto.parser());
    }

    /** What sends the heartbeats of this peer when it leads. */
    Pulse pulse() {
        return pulse;
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
        return answered(
                INSTALLED,
                Frame.Kind.SNAPSHOT,
                request.getServerRequest(),
                request,
                InstallSnapshotReplyProto.parser());
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
            throws IOException {
        return answered(
                ANSWERED,
                Frame.Kind.STAND,
                request.getServerRequest(),
                request,
                StartLeaderElectionReplyProto.parser());
    }

    private <R extends MessageLite> CompletableFuture<R> ask(
            Frame.Kind kind, RaftRpcRequestProto to, MessageLite request, Parser<R> parser) {
        if (closed) {
            return CompletableFuture.failedFuture(new IOException("this peer was closed"));
        }
        return links.computeIfAbsent(to.getReplyId().toStringUtf8(), this::link).ask(kind, request, parser);
    }

    private PeerLink link(String peer) {
        return new PeerLink(new Hello(settings.self(), peer), settings.where(), settings.sockets(), settings.clock());
    }

    /** Asks, and waits for so long at most. */
    private <R extends MessageLite> R answered(
            Duration most, Frame.Kind kind, RaftRpcRequestProto to, MessageLite request, Parser<R> parser)
            throws IOException {
        try {
            return ask(kind, to, request, parser).get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for an answer");
        } catch (TimeoutException silent) {
            throw new IOException(to.getReplyId().toStringUtf8() + " has not answered for " + most, silent);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException known ? known : new IOException(failed.getCause());
        }
    }

    // ---- this peer is asked

    private CompletableFuture<? extends MessageLite> answer(Frame question) throws IOException {
        byte[] body = question.body();
        return switch (question.kind()) {
            case VOTE -> done(server.requestVote(RequestVoteRequestProto.parseFrom(body)));
            case APPEND -> server.appendEntriesAsync(AppendEntriesRequestProto.parseFrom(body));
            case BEAT -> server.appendEntriesAsync(beat(body));
            case SNAPSHOT -> done(server.installSnapshot(InstallSnapshotRequestProto.parseFrom(body)));
            case STAND -> done(server.startLeaderElection(StartLeaderElectionRequestProto.parseFrom(body)));
            case HELLO, ANSWER, REFUSAL, AGAIN, SAME -> throw new IOException(question.kind() + " is no question");
        };
    }

    private AppendEntriesRequestProto beat(byte[] body) throws IOException {
        if (heard.body != body) {
            heard = new Beat(body, AppendEntriesRequestProto.parseFrom(body));
        }
        return heard.request;
    }

    private static <T> CompletableFuture<T> done(T answer) {
        return CompletableFuture.completedFuture(answer);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        links.values().forEach(PeerLink::close);
        port.close();
    }
}
