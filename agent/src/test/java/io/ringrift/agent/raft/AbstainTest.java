package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringrift.agent.config.AgentConfig.RaftProfile;
import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.PeerPlan;
import io.ringrift.agent.consensus.raft.RaftRole;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.process.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real peers on real sockets: one that leaves is not elected again, whatever happens to the hand-over. */
class AbstainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<PeerId> VOTERS = List.of(
            new PeerId("worker-0", "00000001"), new PeerId("worker-1", "00000002"), new PeerId("worker-2", "00000003"));

    @TempDir
    private Path root;

    private final Map<PeerId, Address> addresses = new HashMap<>();
    private final Map<PeerId, Peer> peers = new LinkedHashMap<>();

    @BeforeEach
    void start() throws IOException {
        List<Integer> ports = FreePorts.take(VOTERS.size());
        VOTERS.forEach(voter -> addresses.put(voter, new Address("127.0.0.1", ports.get(VOTERS.indexOf(voter)))));
        for (PeerId voter : VOTERS) {
            RaftDirectory directory = directory(voter);
            directory.begin(directory.open(), 1, VOTERS);
            peers.put(voter, peer(voter, PeerPlan.Way.FOUND));
        }
    }

    private RaftDirectory directory(PeerId voter) {
        return new RaftDirectory(root.resolve(voter.toString()), "test", voter.nodeId(), new Random(1));
    }

    private Peer peer(PeerId voter, PeerPlan.Way way) throws IOException {
        return new RatisPeer(
                new PeerPlan(voter, 1, VOTERS, way, RaftProfile.STEADY),
                new RatisPeer.Place(
                        directory(voter), "127.0.0.1", addresses.get(voter).port(), Optional.empty()),
                addresses,
                () -> {},
                why -> {});
    }

    @AfterEach
    void end() {
        peers.values().forEach(Peer::close);
    }

    @Test
    void whoeverLeavesIsNotElectedAgainAndStillVotes() {
        PeerId first = awaitLeader();
        List<PeerId> others =
                VOTERS.stream().filter(voter -> !voter.equals(first)).toList();
        PeerId leaving = others.getFirst();
        PeerId staying = others.getLast();

        peers.get(leaving).abstain(true);
        // Only a voter that follows can be made to stand, and without the first call it would win.
        for (int again = 0; again < 3; again++) {
            await().atMost(PATIENCE).until(() -> peers.get(leaving).report().role() == RaftRole.FOLLOWER);
            peers.get(leaving).stand(first);
        }
        peers.get(first).close();

        await().atMost(PATIENCE).until(() -> peers.get(staying).report().leads());
        assertThat(peers.get(leaving).report().leader()).contains(staying.nodeId());
    }

    /** So the host starts it again; see RaftHost. */
    @Test
    void whoHearsNoLeaderWhileItAbstainsStandsOnlyWhenItIsStartedAgain() throws IOException {
        PeerId first = awaitLeader();
        List<PeerId> others =
                VOTERS.stream().filter(voter -> !voter.equals(first)).toList();
        others.forEach(voter -> peers.get(voter).abstain(true));
        peers.get(first).close();
        peers.remove(first);
        await().atMost(PATIENCE)
                .until(() -> others.stream()
                        .allMatch(voter -> peers.get(voter).report().role() == RaftRole.CANDIDATE));

        others.forEach(voter -> peers.get(voter).abstain(false));
        await().during(Duration.ofSeconds(2))
                .atMost(PATIENCE)
                .until(() -> others.stream()
                        .allMatch(voter -> peers.get(voter).report().role() == RaftRole.CANDIDATE));

        PeerId again = others.getFirst();
        peers.get(again).close();
        peers.put(again, peer(again, PeerPlan.Way.RESUME));
        assertThat(awaitLeader()).isEqualTo(again);
    }

    private PeerId awaitLeader() {
        return await().atMost(PATIENCE)
                .until(
                        () -> peers.entrySet().stream()
                                .filter(peer -> peer.getValue().report().leads())
                                .map(Map.Entry::getKey)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }
}
