package io.ringrift.agent.membership.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.AgentConfig.HttpPolling;
import io.ringrift.agent.config.AgentConfig.Peer;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.Directory;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.Sightings;
import io.ringrift.agent.membership.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpMembershipTest {
    private static final HttpPolling TIMES =
            new HttpPolling(Duration.ofSeconds(15), Duration.ofSeconds(45), Duration.ofSeconds(75));

    private final Directory directory = new Directory();
    private final HttpMembership http = new HttpMembership("self", directory, TIMES, Duration.ZERO);
    private final List<PollEffect> effects = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"44, ALIVE", "45, SUSPECTED", "74, SUSPECTED", "75, FAILED", "500, FAILED"})
    void silenceCostsTrust(long seconds, MemberState state) {
        start(named("a"));
        heard("a", 1, 0);

        runUntil(seconds);

        assertThat(states()).isEqualTo(Map.of("a", state));
    }

    @Test
    void whoWasNeverHeardIsNobodyUntilItCountsAsFailed() {
        start(named("a"));
        runUntil(74);
        assertThat(states()).isEmpty();
        runUntil(75);
        assertThat(states()).isEqualTo(Map.of("a", MemberState.FAILED));
        assertThat(http.verdicts())
                .singleElement()
                .extracting(Verdict::incarnation)
                .isEqualTo(0L);
    }

    @Test
    void comesBackWhenItIsHeard() {
        start(named("a"));
        heard("a", 1, 0);
        runUntil(80);

        heard("a", 1, 80);

        assertThat(states()).isEqualTo(Map.of("a", MemberState.ALIVE));
    }

    @Test
    void whoSaidGoodbyeComesBackOnlyAsAnotherRun() {
        start(named("a"));
        heard("a", 1, 0);
        http.left("a", seconds(1));
        heard("a", 1, 2);
        runUntil(200);
        assertThat(states()).isEqualTo(Map.of("a", MemberState.LEFT));

        heard("a", 2, 201);

        assertThat(states()).isEqualTo(Map.of("a", MemberState.ALIVE));
    }

    @Test
    void pollsEverybodyAtOnceAndThenSpreadOverTheInterval() {
        start(named("a"), named("b"), named("c"), named("d"), named("e"));
        assertThat(asked()).as("at once").containsExactly("a", "b", "c", "d", "e");

        List<Long> times = new ArrayList<>();
        for (long at = 1; at <= 15_000; at += 1) {
            effects.clear();
            effects.addAll(http.tick(Duration.ofMillis(at)));
            for (String ignored : asked()) {
                times.add(at);
            }
        }

        assertThat(times).hasSize(5);
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).as("%s", times).isGreaterThan(1_000);
        }
    }

    @Test
    void asksAtOnceInReturn() {
        start(named("a"));
        effects.clear();
        Directory.Admission first = directory.admit(Sightings.of("a", 1, 1, "h"));
        http.heard("a", first, true, seconds(3));
        effects.addAll(http.tick(seconds(3)));
        assertThat(asked()).containsExactly("a");

        http.heard("a", directory.admit(Sightings.of("a", 1, 1, "h")), true, seconds(4));
        assertThat(http.nextDeadline()).as("once").isGreaterThan(seconds(4));
    }

    @Test
    void waitsForAnAnswerLessThanAnInterval() {
        start(named("a"));
        assertThat(effects)
                .allSatisfy(effect ->
                        assertThat(((PollEffect.Ask) effect).timeout()).isLessThan(TIMES.interval()));
    }

    @Test
    void aPauseOfThisProcessIsNobodyElsesSilence() {
        start(named("a"));
        heard("a", 1, 0);
        runUntil(40);
        effects.clear();

        effects.addAll(http.tick(seconds(400)));

        assertThat(states()).isEqualTo(Map.of("a", MemberState.ALIVE));
        assertThat(asked()).as("asked again at once").containsExactly("a");
        Duration asked = seconds(400);
        Duration timeout = ((PollEffect.Ask) effects.getFirst()).timeout();
        runUntil(asked.plus(timeout).toSeconds() - 1);
        assertThat(states()).as("has the time to answer").isEqualTo(Map.of("a", MemberState.ALIVE));
        runUntil(500);
        assertThat(states()).as("but not for ever").isEqualTo(Map.of("a", MemberState.FAILED));
    }

    @Test
    void reallyStopsForThoseWhomSomebodyElseWatches() {
        start(named("a"), named("b"));
        heard("a", 1, 0);
        heard("b", 2, 0);
        runUntil(20);
        http.spare(Set.of("a"), seconds(20));
        effects.clear();

        runUntil(500);

        assertThat(asked()).contains("b").doesNotContain("a");
        assertThat(states()).isEqualTo(Map.of("a", MemberState.ALIVE, "b", MemberState.FAILED));
        http.spare(Set.of(), seconds(500));
        runUntil(544);
        assertThat(states()).as("nobody is judged by the time it was not asked").containsEntry("a", MemberState.ALIVE);
        runUntil(560);
        assertThat(states()).containsEntry("a", MemberState.SUSPECTED);
    }

    @Test
    void takesOverWhereAnotherDetectorEnds() {
        start();
        http.spare(Set.of("a"), seconds(1));
        http.follow(gossiped("a", MemberState.ALIVE), seconds(1));
        assertThat(http.joined()).isTrue();
        http.follow(gossiped("a", MemberState.FAILED), seconds(2));
        runUntil(100);
        effects.clear();

        http.spare(Set.of(), seconds(100));
        effects.addAll(http.tick(seconds(100)));

        assertThat(states()).isEqualTo(Map.of("a", MemberState.FAILED));
        assertThat(asked()).contains("a");
    }

    @Test
    void whoSaidGoodbyeElsewhereHasLeftUnlessItAnswersWhenItHadTheTimeToEnd() {
        start(named("a"), named("b"));
        heard("a", 1, 0);
        heard("b", 2, 0);
        http.doubt("a", seconds(10));
        http.doubt("b", seconds(10));
        heard("a", 1, 11);
        heard("b", 2, 11);
        assertThat(states()).containsValues(MemberState.ALIVE).doesNotContainValue(MemberState.LEFT);
        effects.clear();
        runUntil(13);
        assertThat(asked()).contains("a", "b");
        heard("b", 2, 13);
        runUntil(16);
        assertThat(states()).isEqualTo(Map.of("a", MemberState.LEFT, "b", MemberState.ALIVE));
    }

    @Test
    void findsPeersBehindANameAndAsksAgainSoonerWhileAlone() {
        start(new Peer.Discovered("peers", OptionalInt.of(99)));
        assertThat(effects).containsExactly(new PollEffect.Resolve("peers"));
        assertThat(http.joined()).isFalse();
        effects.clear();
        runUntil(15);
        assertThat(effects).containsExactly(new PollEffect.Resolve("peers"));

        http.resolved("peers", List.of("10.0.0.1", "10.0.0.2"), seconds(16));
        assertThat(http.unknownPeers()).isEqualTo(2);
        effects.clear();
        effects.addAll(http.tick(seconds(16)));

        assertThat(effects)
                .extracting(effect -> ((PollEffect.Ask) effect).address())
                .containsExactly(new Address("10.0.0.1", 99), new Address("10.0.0.2", 99));
        http.answeredAt(new Address("10.0.0.1", 99), "self");
        http.answeredAt(new Address("10.0.0.2", 99), "b");
        heard("b", 1, 17);
        assertThat(http.unknownPeers()).isZero();
        assertThat(states()).isEqualTo(Map.of("b", MemberState.ALIVE));
    }

    @Test
    void aFailedLookUpKeepsWhatWasKnown() {
        start(new Peer.Discovered("peers", OptionalInt.empty()));
        http.resolved("peers", List.of("10.0.0.1"), seconds(1));
        http.resolved("peers", List.of(), seconds(2));
        assertThat(http.unknownPeers()).isEqualTo(1);
        assertThat(http.discoveryComplete()).isTrue();
    }

    @Test
    void aHintedNodeIsAskedAndBecomesAMemberWhenItIsHeardItself() {
        start();
        http.hinted(
                List.of(
                        new PollMessage.Hint("b", new Address("10.0.0.2", 1)),
                        new PollMessage.Hint("self", new Address("10.0.0.9", 1))),
                seconds(1));
        effects.clear();
        effects.addAll(http.tick(seconds(1)));

        assertThat(asked()).containsExactly("b");
        assertThat(states()).isEmpty();
        heard("b", 1, 2);
        assertThat(states()).isEqualTo(Map.of("b", MemberState.ALIVE));
    }

    @Test
    void gossipThatNobodyConfirmsIsForgotten() {
        start();
        http.hinted(List.of(new PollMessage.Hint("b", new Address("10.0.0.2", 1))), seconds(1));
        runUntil(77);
        assertThat(directory.nodeIds()).isEmpty();
    }

    @Test
    void forgetsTheGoneThatNobodyConfigured() {
        start(named("a"));
        heard("a", 1, 0);
        heard("b", 1, 0);
        runUntil(100);
        assertThat(states()).isEqualTo(Map.of("a", MemberState.FAILED, "b", MemberState.FAILED));

        runUntil(75 + HttpMembership.TOMBSTONE.toSeconds() + 61);

        assertThat(states()).isEqualTo(Map.of("a", MemberState.FAILED));
    }

    @Test
    void isAloneWhereNothingIsConfigured() {
        start();
        assertThat(http.joined()).isTrue();
    }

    private void start(Peer... peers) {
        http.configure(List.of(peers), TIMES, 8770, Duration.ZERO);
        effects.addAll(http.tick(Duration.ZERO));
    }

    private void runUntil(long seconds) {
        while (http.nextDeadline().compareTo(seconds(seconds)) <= 0) {
            effects.addAll(http.tick(http.nextDeadline()));
        }
    }

    private void heard(String nodeId, long instance, long at) {
        Directory.Admission admission = directory.admit(Sightings.of(nodeId, instance, instance, "host-" + nodeId));
        http.heard(nodeId, admission, false, seconds(at));
    }

    private static Verdict gossiped(String nodeId, MemberState state) {
        return new Verdict(
                nodeId,
                state,
                seconds(2),
                Member.Source.SWIM,
                false,
                Optional.of(new Address("10.0.0.1", 8770)),
                1,
                Optional.empty(),
                List.of(),
                false);
    }

    private Map<String, MemberState> states() {
        return http.verdicts().stream().collect(Collectors.toMap(Verdict::nodeId, Verdict::state));
    }

    private List<String> asked() {
        return effects.stream()
                .filter(PollEffect.Ask.class::isInstance)
                .map(effect -> ((PollEffect.Ask) effect).nodeId())
                .flatMap(Optional::stream)
                .toList();
    }

    private static Peer named(String nodeId) {
        return new Peer.Named(nodeId, nodeId + ".peers", OptionalInt.empty());
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
