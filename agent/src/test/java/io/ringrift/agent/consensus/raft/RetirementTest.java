package io.ringrift.agent.consensus.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Of three voters a is this one; b lacks nothing, c a little. */
class RetirementTest {
    private static final PeerId A = new PeerId("a", "00000001");
    private static final PeerId B = new PeerId("b", "00000002");
    private static final PeerId C = new PeerId("c", "00000003");
    private static final Duration NOW = Duration.ofSeconds(100);

    private final Retirement retirement = new Retirement("a");

    @Test
    void whoHasNotRetiredIsAskedForNothing() {
        assertThat(orders(RaftRole.LEADER, Set.of("b", "c"), NOW)).isEmpty();
    }

    @Test
    void aLeaderHandsOverAndStandsNoMore() {
        retirement.begin(NOW);
        assertThat(orders(RaftRole.LEADER, Set.of("b", "c"), NOW))
                .containsExactly(new RaftOrder.Abstain(true), new RaftOrder.Transfer("b"));
    }

    @Test
    void aFollowerStandsNoMore() {
        retirement.begin(NOW);
        assertThat(orders(RaftRole.FOLLOWER, Set.of("b"), NOW)).containsExactly(new RaftOrder.Abstain(true));
        assertThat(orders(RaftRole.FOLLOWER, Set.of("b"), NOW)).isEmpty();
    }

    @Test
    void whoHasRetiredItselfIsNoSuccessor() {
        retirement.begin(NOW);
        assertThat(orders(RaftRole.LEADER, Set.of("c"), NOW)).contains(new RaftOrder.Transfer("c"));
    }

    @Test
    void whereNobodyElseCouldLeadItGoesOnUntilSomebodyCan() {
        retirement.begin(NOW);
        assertThat(orders(RaftRole.LEADER, Set.of(), NOW)).isEmpty();
        assertThat(orders(RaftRole.LEADER, Set.of("b"), NOW.plusSeconds(60)))
                .containsExactly(new RaftOrder.Abstain(true), new RaftOrder.Transfer("b"));
    }

    @Test
    void itStandsAgainOnceNobodyElseCould() {
        retirement.begin(NOW);
        orders(RaftRole.FOLLOWER, Set.of("b"), NOW);
        assertThat(orders(RaftRole.FOLLOWER, Set.of(), NOW.plusSeconds(1)))
                .containsExactly(new RaftOrder.Abstain(false));
    }

    @Test
    void aHandOverThatCameToNothingIsTriedAgainAfterAWhileOrWhenItIsAskedForAgain() {
        retirement.begin(NOW);
        orders(RaftRole.LEADER, Set.of("b"), NOW);
        assertThat(orders(RaftRole.LEADER, Set.of("b"), NOW.plusMillis(2_999))).isEmpty();
        assertThat(orders(RaftRole.LEADER, Set.of("b"), NOW.plusSeconds(3)))
                .containsExactly(new RaftOrder.Transfer("b"));
        retirement.begin(NOW.plusSeconds(4));
        assertThat(orders(RaftRole.LEADER, Set.of("b"), NOW.plusSeconds(4)))
                .containsExactly(new RaftOrder.Transfer("b"));
    }

    private List<RaftOrder> orders(RaftRole role, Set<String> couldTakeOver, Duration now) {
        return retirement.orders(report(role), couldTakeOver::contains, now);
    }

    private static RaftReport report(RaftRole role) {
        boolean leads = role == RaftRole.LEADER;
        Map<PeerId, RaftReport.Progress> followers = leads
                ? Map.of(
                        B, new RaftReport.Progress(0, Duration.ofMillis(10)),
                        C, new RaftReport.Progress(2, Duration.ofMillis(10)))
                : Map.of();
        return RaftReport.off()
                .with()
                .disk(Optional.of(new PeerDisk(A, 1, List.of(A, B, C))))
                .role(role)
                .ready(leads)
                .voters(List.of(A, B, C))
                .followers(followers)
                .build();
    }
}
