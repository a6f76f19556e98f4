package io.ringrift.agent.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.AgentConfig.HttpPolling;
import io.ringrift.agent.config.AgentConfig.Peer;
import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.Directory;
import io.ringrift.agent.membership.FailureDetector;
import io.ringrift.agent.membership.Identity;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.MembershipTable;
import io.ringrift.agent.membership.Ports;
import io.ringrift.agent.membership.Sighting;
import io.ringrift.agent.membership.Verdict;
import io.ringrift.agent.membership.http.HttpMembership;
import io.ringrift.agent.membership.http.PollEffect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Whose word counts for which peer, in every mode. Times are seconds; a, b and c are configured, x is not. */
class MembershipRouterTest {
    private static final HttpPolling POLLING =
            new HttpPolling(Duration.ofSeconds(15), Duration.ofSeconds(45), Duration.ofSeconds(75));

    private final Directory directory = new Directory();
    private final HttpMembership http = new HttpMembership("self", directory, POLLING, Duration.ZERO);
    private final FakeSwim swim = new FakeSwim();
    private final MembershipRouter router = new MembershipRouter(http, swim);
    private MembershipMode mode = MembershipMode.SWIM;
    private Duration clock = Duration.ZERO;
    private final List<String> asked = new ArrayList<>();
    private final List<MembershipTable.Change> changes = new ArrayList<>();

    MembershipRouterTest() {
        http.configure(List.of(named("a"), named("b"), named("c")), POLLING, 8770, Duration.ZERO);
    }

    @Test
    void swimIsAskedAboutWhomItKnowsAndHttpAboutTheOthers() {
        gossiped("a", MemberState.ALIVE);
        heard("b", 1);
        run(20);
        assertThat(state("a")).isEqualTo("ALIVE swim");
        assertThat(state("b")).isEqualTo("ALIVE http");
        assertThat(asked).contains("b", "c").doesNotContain("a");
    }

    @Test
    void whoeverIsCoveredIsPolledNoMoreAndAgainInAFallback() {
        for (String peer : List.of("a", "b", "c")) {
            gossiped(peer, MemberState.ALIVE);
        }
        run(1);
        asked.clear();
        run(200);
        assertThat(asked).isEmpty();

        swim.say(Optional.of("no"));
        run(201);

        assertThat(asked).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(state("a")).isEqualTo("ALIVE http");
        assertThat(router.fallback().reason()).contains("no; HTTP polling decides");
        run(300);
        assertThat(state("a")).as("silent over HTTP too").isEqualTo("FAILED http");
    }

    @Test
    void aFallbackBeginsWithWhatSwimHeldLast() {
        gossiped("a", MemberState.FAILED);
        run(1);
        swim.say(Optional.of("no"));
        run(2);
        assertThat(state("a")).isEqualTo("FAILED http");
        assertThat(changes)
                .filteredOn(change -> change.member().nodeId().equals("a"))
                .hasSize(1);
    }

    @Test
    void hybridPollsEverybodyAllTheTime() {
        mode = MembershipMode.HYBRID;
        gossiped("a", MemberState.ALIVE);
        run(100);
        assertThat(asked.stream().filter("a"::equals)).hasSizeGreaterThan(5);
        assertThat(state("a")).isEqualTo("ALIVE swim");
    }

    @Test
    void inTheShadowSwimDecidesNothing() {
        mode = MembershipMode.HTTP;
        heard("a", 1);
        gossiped("a", MemberState.FAILED);
        swim.say(Optional.of("no"));
        run(3);
        assertThat(state("a")).isEqualTo("ALIVE http");
        assertThat(router.fallback().active()).isFalse();
    }

    @Test
    void aNewerRunThatSpokeOverHttpIsNotBuriedWithTheOldOne() {
        heard("a", 1);
        gossiped("a", MemberState.FAILED);
        run(2);
        assertThat(state("a")).isEqualTo("FAILED swim");
        heard("a", 2_000);
        run(3);
        assertThat(state("a")).isEqualTo("ALIVE http");
    }

    @Test
    void whoOnlyStoppedSwimIsKeptAliveByHttpWithoutAWordInBetween() {
        heard("a", 1);
        gossiped("a", MemberState.ALIVE);
        run(1);
        gossiped("a", MemberState.LEFT);
        run(4);
        heard("a", 1);
        run(30);
        assertThat(state("a")).isEqualTo("ALIVE http");
        assertThat(changes)
                .filteredOn(change -> change.member().nodeId().equals("a"))
                .hasSize(1);
    }

    @Test
    void whoSaidGoodbyeToSwimAndAnswersNoMoreHasLeft() {
        gossiped("a", MemberState.ALIVE);
        run(1);
        gossiped("a", MemberState.LEFT);
        run(10);
        assertThat(state("a")).isEqualTo("LEFT http");
    }

    @Test
    void aGoodbyeOverHttpIsBelievedWhileSwimHasNotHeardOfIt() {
        heard("a", 1);
        gossiped("a", MemberState.ALIVE);
        run(1);
        http.left("a", clock);
        run(2);
        assertThat(state("a")).isEqualTo("LEFT http");
        run(30);
        assertThat(state("a")).as("it lives all the same").isEqualTo("ALIVE swim");
    }

    @Test
    void inHybridWhoSpeaksOverHttpWhileSwimAccusesItLivesAndIsReported() {
        mode = MembershipMode.HYBRID;
        heard("a", 1);
        gossiped("a", MemberState.ALIVE);
        run(20);
        asked.clear();
        gossiped("a", MemberState.SUSPECTED);
        run(20);
        assertThat(asked).as("at once").contains("a");
        assertThat(state("a")).isEqualTo("SUSPECTED swim");
        run(21);
        heard("a", 1);
        run(21);
        assertThat(state("a")).isEqualTo("ALIVE http");
        assertThat(member("a").udpUnreachable()).isTrue();

        mode = MembershipMode.SWIM;
        run(22);
        assertThat(state("a")).as("SWIM alone").isEqualTo("SUSPECTED swim");
    }

    @Test
    void inHybridTheDeadAreDead() {
        mode = MembershipMode.HYBRID;
        heard("a", 1);
        gossiped("a", MemberState.ALIVE);
        run(20);
        gossiped("a", MemberState.SUSPECTED);
        run(22);
        gossiped("a", MemberState.FAILED);
        run(23);
        assertThat(state("a")).isEqualTo("FAILED swim");
    }

    @Test
    void aStrangerThatFailedIsForgottenAndAConfiguredPeerIsNot() {
        gossiped("a", MemberState.FAILED);
        gossiped("x", MemberState.FAILED);
        run(10);
        assertThat(state("x")).isEqualTo("FAILED swim");
        run(301);
        assertThat(router.table().member("x")).isEmpty();
        assertThat(state("a")).isEqualTo("FAILED swim");
    }

    @Test
    void silenceOfSwimIsTroubleOnlyWhereAPeerThatLivesAsksIt() {
        assertThat(router.swimIsExpected()).isFalse();
        heard("a", 1);
        assertThat(router.swimIsExpected()).isTrue();
        gossiped("a", MemberState.LEFT);
        assertThat(router.swimIsExpected()).as("it stopped SWIM").isFalse();
    }

    @Test
    void seedsAreTheSwimPortsOfThoseThatWereHeard() {
        SwimSeeds seeds = new SwimSeeds("self", directory, http, swim);
        assertThat(seeds.news(router)).isEmpty();
        heard("a", 1);
        assertThat(seeds.news(router)).hasValueSatisfying(news -> {
            assertThat(news.gossip()).containsExactly(new Address("host-a", 7947));
            assertThat(news.expected()).isTrue();
        });
        assertThat(seeds.news(router)).as("told once").isEmpty();
    }

    // ----

    private void run(long untilSeconds) {
        settle();
        while (http.nextDeadline().compareTo(Duration.ofSeconds(untilSeconds)) <= 0) {
            clock = http.nextDeadline().compareTo(clock) > 0 ? http.nextDeadline() : clock;
            settle();
        }
        clock = Duration.ofSeconds(untilSeconds);
        settle();
    }

    private void settle() {
        router.observe(mode, clock);
        if (http.nextDeadline().compareTo(clock) <= 0) {
            for (PollEffect effect : http.tick(clock)) {
                if (effect instanceof PollEffect.Ask(Optional<String> nodeId, Address _, Duration _)) {
                    nodeId.ifPresent(asked::add);
                }
            }
        }
        changes.addAll(router.refresh(mode, self(), clock));
    }

    /** A message of this run came in over HTTP. */
    private void heard(String nodeId, long incarnation) {
        Sighting seen = new Sighting(
                new Identity(nodeId, incarnation, incarnation),
                new Address("host-" + nodeId, 8770),
                new Ports(8770, 7947, 4321),
                new Member.Modes(MembershipMode.SWIM, ConsensusMode.BULLY, OptionalLong.empty()));
        http.heard(nodeId, directory.admit(seen), false, clock);
    }

    private void gossiped(String nodeId, MemberState state) {
        swim.say(new Verdict(
                nodeId,
                state,
                clock,
                Member.Source.SWIM,
                false,
                Optional.of(new Address("10.0.0.1", 8770)),
                1_000,
                Optional.empty(),
                List.of(),
                false));
    }

    private String state(String nodeId) {
        return member(nodeId).state() + " " + member(nodeId).source().token();
    }

    private Member member(String nodeId) {
        return router.table().member(nodeId).orElseThrow();
    }

    private static Peer named(String nodeId) {
        return new Peer.Named(nodeId, nodeId + ".peers", OptionalInt.empty());
    }

    private static Verdict self() {
        return new Verdict(
                "self",
                MemberState.ALIVE,
                Duration.ZERO,
                Member.Source.HTTP,
                true,
                Optional.empty(),
                1,
                Optional.empty(),
                List.of(),
                false);
    }

    private static final class FakeSwim implements FailureDetector {
        private Optional<String> trouble = Optional.empty();
        private List<Verdict> verdicts = List.of();
        private long version;

        private void say(Verdict verdict) {
            List<Verdict> others = new ArrayList<>(verdicts);
            others.removeIf(other -> other.nodeId().equals(verdict.nodeId()));
            others.add(verdict);
            verdicts = List.copyOf(others);
            version++;
        }

        private void say(Optional<String> why) {
            trouble = why;
            version++;
        }

        @Override
        public Optional<String> unavailable() {
            return trouble;
        }

        @Override
        public long version() {
            return version;
        }

        @Override
        public List<Verdict> verdicts() {
            return verdicts;
        }
    }
}
