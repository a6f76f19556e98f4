package io.ringrift.agent.raft;

import static org.awaitility.Awaitility.await;

import io.ringrift.agent.config.AgentConfig.RaftProfile;
import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.PeerPlan;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.process.FreePorts;
import io.ringrift.agent.raft.wire.Sockets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Three real peers on real sockets, which have founded a group. */
final class RealPeers implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final List<PeerId> VOTERS = List.of(
            new PeerId("worker-0", "00000001"), new PeerId("worker-1", "00000002"), new PeerId("worker-2", "00000003"));

    final Map<PeerId, Peer> peers = new LinkedHashMap<>();

    private final Path root;
    private final Function<PeerId, LongSupplier> clocks;
    private final Map<PeerId, Address> addresses = new HashMap<>();

    /** @param clocks the wall clock of each */
    RealPeers(Path root, Function<PeerId, LongSupplier> clocks) throws IOException {
        this.root = root;
        this.clocks = clocks;
        List<Integer> ports = FreePorts.take(VOTERS.size());
        VOTERS.forEach(voter -> addresses.put(voter, new Address("127.0.0.1", ports.get(VOTERS.indexOf(voter)))));
        for (PeerId voter : VOTERS) {
            RaftDirectory directory = directory(voter);
            directory.begin(directory.open(), 1, VOTERS);
            peers.put(voter, peer(voter, PeerPlan.Way.FOUND));
        }
    }

    /** Starts one. */
    Peer peer(PeerId voter, PeerPlan.Way way) throws IOException {
        return new RatisPeer(
                new PeerPlan(voter, 1, VOTERS, way, RaftProfile.STEADY),
                new RatisPeer.Place(
                        directory(voter),
                        "127.0.0.1",
                        addresses.get(voter).port(),
                        Sockets.plain(),
                        new EntryClock(clocks.apply(voter), System::nanoTime)),
                addresses,
                () -> {},
                why -> {});
    }

    PeerId awaitLeader() {
        return await().atMost(PATIENCE)
                .until(
                        () -> peers.entrySet().stream()
                                .filter(peer -> peer.getValue().report().leads())
                                .map(Map.Entry::getKey)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Override
    public void close() {
        peers.values().forEach(Peer::close);
    }

    private RaftDirectory directory(PeerId voter) {
        return new RaftDirectory(root.resolve(voter.toString()), "test", voter.nodeId(), new Random(1));
    }
}
