package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.PeerPlan;
import io.ringrift.agent.consensus.raft.RaftRole;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real peers on real sockets: one that leaves is not elected again, whatever happens to the hand-over. */
class AbstainTest {
    private static final Duration PATIENCE = RealPeers.PATIENCE;
    private static final List<PeerId> VOTERS = RealPeers.VOTERS;

    @TempDir
    private Path root;

    private RealPeers group;
    private Map<PeerId, Peer> peers;

    @BeforeEach
    void start() throws IOException {
        group = new RealPeers(root, voter -> System::currentTimeMillis);
        peers = group.peers;
    }

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void whoeverLeavesIsNotElectedAgainAndStillVotes() {
        PeerId first = group.awaitLeader();
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
        PeerId first = group.awaitLeader();
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
        peers.put(again, group.peer(again, PeerPlan.Way.RESUME));
        assertThat(group.awaitLeader()).isEqualTo(again);
    }
}
