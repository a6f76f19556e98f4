package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.ringrift.agent.consensus.raft.PeerDisk;
import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.consensus.raft.RaftRole;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static final PeerId SELF = new PeerId("n-0", "00000000");
    private static final PeerId OTHER = new PeerId("n-1", "11111111");
    private static final PeerId THIRD = new PeerId("n-2", "22222222");

    private final WarmUp warmUp = new WarmUp(Runnable::run);
    private final List<PeerId> greeted = new ArrayList<>();

    /** A name that leads nowhere would go unnoticed: it only makes an election slow. */
    @Test
    void everyClassThatIsLoadedAheadIsThere() {
        assertThat(WarmUp.names())
                .hasSizeGreaterThan(100)
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThatCode(
                                () -> Class.forName(name, false, getClass().getClassLoader()))
                        .doesNotThrowAnyException());
    }

    @Test
    void aFollowerKeepsInTouchWithWhomItWouldAskForVotes() {
        Peer peer = peer();
        RaftReport follower = report(RaftRole.FOLLOWER, Optional.of("n-2"));
        assertThat(greetedAt(peer, follower, 0)).containsExactly(OTHER);
        assertThat(greetedAt(peer, follower, 1_900)).isEmpty();
        assertThat(greetedAt(peer, follower, 2_000)).containsExactly(OTHER);
        // Another leads: whoever did before has a vote again.
        assertThat(greetedAt(peer, report(RaftRole.FOLLOWER, Optional.of("n-1")), 2_100))
                .containsExactly(THIRD);
    }

    @Test
    void nobodyElseDoes() {
        assertThat(greetedAt(peer(), report(RaftRole.LEADER, Optional.of("n-0")), 0))
                .isEmpty();
        RaftReport listener = report(RaftRole.LISTENER, Optional.of("n-2")).withVoters(List.of(OTHER, THIRD));
        assertThat(greetedAt(peer(), listener, 0)).isEmpty();
        // An election has better things to do.
        assertThat(greetedAt(peer(), report(RaftRole.CANDIDATE, Optional.empty()), 0))
                .isEmpty();
        assertThat(greetedAt(peer(), report(RaftRole.FOLLOWER, Optional.empty()), 0))
                .isEmpty();
    }

    @Test
    void aPeerThatWasStartedAgainHasNoConnectionsYet() {
        RaftReport follower = report(RaftRole.FOLLOWER, Optional.of("n-2"));
        assertThat(greetedAt(peer(), follower, 0)).containsExactly(OTHER);
        assertThat(greetedAt(peer(), follower, 100)).containsExactly(OTHER);
    }

    private List<PeerId> greetedAt(Peer peer, RaftReport report, long millis) {
        greeted.clear();
        warmUp.follow(peer, report, Duration.ofMillis(millis));
        return List.copyOf(greeted);
    }

    private static RaftReport report(RaftRole role, Optional<String> leader) {
        return RaftReport.without(
                        Optional.of(new PeerDisk(SELF, 1, List.of())), RaftReport.State.RUNNING, Optional.empty())
                .withRole(role)
                .withLeader(leader)
                .withVoters(List.of(SELF, OTHER, THIRD));
    }

    private Peer peer() {
        return (Peer) Proxy.newProxyInstance(
                Peer.class.getClassLoader(),
                new Class<?>[] {Peer.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "greet" -> greeted.add((PeerId) arguments[0]);
                    case "equals" -> proxy == arguments[0];
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
