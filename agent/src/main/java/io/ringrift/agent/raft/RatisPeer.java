package io.ringrift.agent.raft;

import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.PeerPlan;
import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.consensus.raft.RaftRole;
import io.ringrift.agent.consensus.raft.RaftTimes;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.raft.wire.Sockets;
import io.ringrift.agent.raft.wire.WireSettings;
import io.ringrift.agent.state.Applied;
import io.ringrift.agent.state.ReplicatedState;
import io.ringrift.agent.state.StateLogException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.LeaderElectionManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.ProtoUtils;

/** The one place that drives Ratis: a server with one group, which has one state machine. */
final class RatisPeer implements Peer {
    private static final long TRANSFER_MILLIS = 3_000;
    private static final long SNAPSHOT_MILLIS = 10_000;

    private final System.Logger log = System.getLogger(RatisPeer.class.getName());
    private volatile Map<String, Address> addresses;
    private final Followers followers = new Followers();
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final PeerStateMachine machine;
    private final Duration lease;
    private final RaftPeerId self;
    private final RaftGroupId group;
    private final RaftServer server;

    /**
     * Where and how a peer runs.
     *
     * @param clock the node's, which knows more than one peer can: it outlives this one
     */
    record Place(RaftDirectory directory, String host, int port, Sockets sockets, EntryClock clock) {}

    /** Starts the peer; blocks for as long as that takes. */
    RatisPeer(PeerPlan plan, Place place, Map<PeerId, Address> addresses, Runnable changed, Consumer<String> failed)
            throws IOException {
        RaftTimes times = RaftTimes.of(plan.profile());
        lease = times.lease();
        self = id(plan.self());
        UUID groupId = place.directory.groupId(plan.incarnation());
        group = RaftGroupId.valueOf(groupId);
        machine = new PeerStateMachine(place.clock, changed, failed);
        addresses(addresses);
        Parameters parameters = new Parameters();
        parameters.put(Followers.class.getName(), followers, Followers.class);
        InetSocketAddress at = new InetSocketAddress(place.host, place.port);
        parameters.put(
                WireSettings.class.getName(),
                new WireSettings(plan.self().toString(), at, this::whereabouts, place.sockets, place.clock),
                WireSettings.class);
        RaftServer.Builder builder = RaftServer.newBuilder()
                .setServerId(self)
                .setProperties(RaftSettings.of(times, place.directory.root()))
                .setParameters(parameters)
                .setStateMachine(machine)
                .setOption(RaftStorage.StartupOption.RECOVER);
        // A founder that was stopped before the group's first entry was written knows the group from nowhere else.
        boolean founder = plan.founders().contains(plan.self());
        List<RaftPeer> first = founder ? peers(plan.founders()) : List.of();
        server = builder.setGroup(RaftGroup.valueOf(group, first)).build();
        server.start();
    }

    private Optional<Address> whereabouts(String peer) {
        return Optional.ofNullable(addresses.get(peer));
    }

    // ---- what it says

    @Override
    public RaftReport report() {
        try {
            RaftServer.Division division = server.getDivision(group);
            DivisionInfo info = division.getInfo();
            if (!info.isAlive()) {
                return RaftReport.without(
                        Optional.empty(),
                        RaftReport.State.FAILED,
                        Optional.of("Raft's peer closed itself (" + info.getLifeCycleState() + ")"));
            }
            return running(division, info);
        } catch (IOException closed) {
            return RaftReport.without(
                    Optional.empty(), RaftReport.State.FAILED, Optional.of("Raft's peer is closed: " + closed));
        }
    }

    private RaftReport running(RaftServer.Division division, DivisionInfo info) {
        Collection<RaftPeer> voters = division.getRaftConf().getCurrentPeers(RaftPeerRole.FOLLOWER);
        Collection<RaftPeer> listeners = division.getRaftConf().getCurrentPeers(RaftPeerRole.LISTENER);
        boolean leads = info.isLeader();
        boolean joined = voters.stream().anyMatch(peer -> peer.getId().equals(self))
                || listeners.stream().anyMatch(peer -> peer.getId().equals(self));
        boolean starting = info.getLifeCycleState() == LifeCycle.State.STARTING || !joined;
        long applied = info.getLastAppliedIndex();
        return new RaftReport(
                Optional.empty(),
                starting ? RaftReport.State.STARTING : RaftReport.State.RUNNING,
                starting ? Optional.of("Raft's peer waits for the leader to take it into the group") : Optional.empty(),
                joined ? role(info.getCurrentRole()) : RaftRole.NONE,
                info.getCurrentTerm(),
                Optional.ofNullable(info.getLeaderId())
                        .flatMap(RatisPeer::peerId)
                        .map(PeerId::nodeId),
                leads && info.isLeaderReady(),
                leads ? Duration.ofNanos(System.nanoTime() - machine.leaderSinceNanos()) : Duration.ZERO,
                machine.read(ReplicatedState::epoch),
                machine.read(ReplicatedState::holder),
                index(division.getRaftLog().getLastCommittedIndex()),
                index(applied),
                ids(voters),
                ids(listeners),
                leads ? progress(division, voters) : Map.of());
    }

    private Map<PeerId, RaftReport.Progress> progress(RaftServer.Division division, Collection<RaftPeer> voters) {
        long last = Optional.ofNullable(division.getRaftLog().getLastEntryTermIndex())
                .map(TermIndex::getIndex)
                .orElse(-1L);
        Map<PeerId, RaftReport.Progress> progress = new HashMap<>();
        voters.forEach(peer -> followers
                .of(peer.getId())
                .ifPresent(follower -> peerId(peer.getId())
                        .ifPresent(id -> progress.put(
                                id,
                                new RaftReport.Progress(
                                        last - follower.getMatchIndex(), followers.silence(peer.getId()))))));
        return progress;
    }

    @Override
    public Optional<Duration> leaseLeft() {
        try {
            RaftServer.Division division = server.getDivision(group);
            if (!division.getInfo().isLeaderReady()) {
                return Optional.empty();
            }
            Duration silence =
                    followers.majoritySilence(self, division.getRaftConf().getCurrentPeers(RaftPeerRole.FOLLOWER));
            return Optional.of(lease.minus(silence)).filter(Duration::isPositive);
        } catch (IOException closed) {
            return Optional.empty();
        }
    }

    @Override
    public <T> T read(Function<ReplicatedState, T> how) {
        return machine.read(how);
    }

    @Override
    public EntryClock clock() {
        return machine.clock();
    }

    // ---- what it is told

    @Override
    public CompletionStage<Applied> propose(byte[] entry) {
        long call = calls.incrementAndGet();
        Pending pending = machine.expect(call);
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(self)
                .setGroupId(group)
                .setCallId(call)
                .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)))
                .setType(RaftClientRequest.writeRequestType())
                .build();
        try {
            writer().submitClientRequestAsync(request)
                    .whenComplete((reply, failure) -> settle(pending, reply, failure));
        } catch (IOException | RuntimeException failed) {
            settle(pending, null, failed);
        }
        pending.applied.whenComplete((done, failure) -> machine.forget(call));
        // Not what whenComplete returns: that wraps a failure, and nobody would know it for what it is.
        return pending.applied;
    }

    /** The group itself: the server before it gives a request to another thread, and waits until that has taken it. */
    private RaftClientAsynchronousProtocol writer() throws IOException {
        return (RaftClientAsynchronousProtocol) server.getDivision(group);
    }

    private static void settle(Pending pending, RaftClientReply reply, Throwable failure) {
        Throwable cause = failure != null ? failure : reply.getException();
        if (cause == null) {
            return;
        }
        Throwable root = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        pending.applied.completeExceptionally(
                pending.taken
                        ? new StateLogException(
                                StateLogException.Kind.OUTCOME_UNKNOWN,
                                "The leader changed before it was known whether this was applied.")
                        : new StateLogException(
                                StateLogException.Kind.NOT_LEADER, "This node does not lead: " + root.getMessage()));
    }

    @Override
    public void addresses(Map<PeerId, Address> byPeer) {
        // By the names that connections have: they ask with every message.
        addresses = byPeer.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(peer -> peer.getKey().toString(), Map.Entry::getValue));
    }

    @Override
    public CompletionStage<Void> reconfigure(List<PeerId> from, List<PeerId> voters) {
        var arguments = SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(peers(from))
                .setServersInNewConf(peers(voters))
                .setListenersInCurrentConf(currentListeners())
                .build();
        return answered(() -> server.setConfigurationAsync(
                new SetConfigurationRequest(client, self, group, calls.incrementAndGet(), arguments)));
    }

    private List<RaftPeer> currentListeners() {
        try {
            return List.copyOf(server.getDivision(group).getRaftConf().getCurrentPeers(RaftPeerRole.LISTENER));
        } catch (IOException closed) {
            return List.of();
        }
    }

    @Override
    public CompletionStage<Void> transfer(PeerId to) {
        return answered(() -> server.transferLeadershipAsync(
                new TransferLeadershipRequest(client, self, group, calls.incrementAndGet(), id(to), TRANSFER_MILLIS)));
    }

    @Override
    public void abstain(boolean wanted) {
        long call = calls.incrementAndGet();
        try {
            server.leaderElectionManagementAsync(
                            wanted
                                    ? LeaderElectionManagementRequest.newPause(client, self, group, call)
                                    : LeaderElectionManagementRequest.newResume(client, self, group, call))
                    .whenComplete((reply, failure) -> {
                        if (failure != null) {
                            log.log(
                                    Level.WARNING,
                                    "[Raft] This node goes on to {0}: {1}",
                                    wanted ? "stand for elections" : "stand for none",
                                    failure.toString());
                        }
                    });
        } catch (UncheckedIOException closed) {
            log.log(Level.DEBUG, "[Raft] Closed already: {0}", closed.toString());
        }
    }

    @Override
    public void stand(PeerId leader) {
        try {
            TermIndex last = server.getDivision(group).getRaftLog().getLastEntryTermIndex();
            if (last == null) {
                return;
            }
            server.startLeaderElection(StartLeaderElectionRequestProto.newBuilder()
                    .setServerRequest(to(id(leader), self))
                    .setLeaderLastEntry(
                            TermIndexProto.newBuilder().setTerm(last.getTerm()).setIndex(last.getIndex()))
                    .build());
        } catch (IOException notNow) {
            log.log(Level.DEBUG, "[Raft] Could not stand at once: {0}", notNow.toString());
        }
    }

    @Override
    public void greet(PeerId voter) {
        try {
            server.getServerRpc()
                    .requestVote(RequestVoteRequestProto.newBuilder()
                            .setServerRequest(to(self, id(voter)))
                            .setCandidateTerm(0)
                            .setCandidateLastEntry(TermIndexProto.getDefaultInstance())
                            .setPreVote(true)
                            .build());
        } catch (IOException | RuntimeException notNow) {
            log.log(Level.DEBUG, "[Raft] {0} was not reached: {1}", voter, notNow.toString());
        }
    }

    private RaftRpcRequestProto.Builder to(RaftPeerId from, RaftPeerId receiver) {
        return RaftRpcRequestProto.newBuilder()
                .setRequestorId(ByteString.copyFromUtf8(from.toString()))
                .setReplyId(ByteString.copyFromUtf8(receiver.toString()))
                .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(group));
    }

    @Override
    public CompletionStage<Long> snapshot() {
        var request =
                SnapshotManagementRequest.newCreate(client, self, group, calls.incrementAndGet(), SNAPSHOT_MILLIS);
        return server.snapshotManagementAsync(request).thenApply(reply -> {
            if (!reply.isSuccess()) {
                throw new CompletionException(reply.getException());
            }
            return reply.getLogIndex();
        });
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException notWell) {
            log.log(Level.WARNING, "[Raft] The peer did not close well: {0}", notWell.toString());
        }
    }

    private interface Asked {
        CompletableFuture<RaftClientReply> ask() throws IOException;
    }

    private static CompletionStage<Void> answered(Asked asked) {
        try {
            return asked.ask().thenAccept(reply -> {
                if (!reply.isSuccess()) {
                    throw new CompletionException(reply.getException());
                }
            });
        } catch (IOException closed) {
            return CompletableFuture.failedFuture(closed);
        } catch (UncheckedIOException closed) {
            return CompletableFuture.failedFuture(closed.getCause());
        }
    }

    // ---- names

    private static RaftPeerId id(PeerId peer) {
        return RaftPeerId.valueOf(peer.toString());
    }

    private static RaftPeer.Builder peer(PeerId peer) {
        return RaftPeer.newBuilder().setId(id(peer)).setAddress(peer.toString());
    }

    private static List<RaftPeer> peers(List<PeerId> peers) {
        return peers.stream().map(id -> peer(id).build()).toList();
    }

    private static Optional<PeerId> peerId(RaftPeerId id) {
        return PeerId.parse(id.toString());
    }

    private static List<PeerId> ids(Collection<RaftPeer> peers) {
        return peers.stream()
                .flatMap(peer -> peerId(peer.getId()).stream())
                .sorted()
                .toList();
    }

    private static OptionalLong index(long index) {
        return index < 0 ? OptionalLong.empty() : OptionalLong.of(index);
    }

    private static RaftRole role(RaftPeerRole role) {
        return switch (role) {
            case LEADER -> RaftRole.LEADER;
            case CANDIDATE -> RaftRole.CANDIDATE;
            case FOLLOWER -> RaftRole.FOLLOWER;
            case LISTENER -> RaftRole.LISTENER;
            case UNRECOGNIZED -> RaftRole.NONE;
        };
    }
}
