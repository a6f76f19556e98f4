package io.ringrift.operator.roll;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RollPlannerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LONG_AGO = NOW.minusSeconds(3600);

    private final List<String> members = List.of("demo-0", "demo-1", "demo-2", "demo-3");
    private final Map<String, RollPod> pods = new HashMap<>();
    private final Map<String, Long> applied = new HashMap<>(Map.of("demo-0", 9L, "demo-1", 9L, "demo-2", 9L));
    private Set<String> electors = Set.of("demo-0", "demo-1", "demo-2");
    private Set<String> voters = electors;
    private boolean raft = true;
    private boolean durable;
    private OptionalLong committed = OptionalLong.of(9);
    private Optional<Instant> asked = Optional.empty();
    private Optional<String> held = Optional.empty();

    RollPlannerTest() {
        members.forEach(this::old);
    }

    @Test
    void nothingIsToBeDoneWhereEveryPodIsFromThePresentTemplate() {
        members.forEach(this::fresh);
        assertThat(next()).isInstanceOf(RollStep.Done.class);
    }

    @Test
    void whoHasNoVoteGoesFirstThenVotersTheLeaderLast() {
        assertThat(order()).containsExactly("demo-3", "demo-2", "demo-0", "demo-1 hands over to demo-0", "demo-1");
    }

    @Test
    void withBullyTheLeaderGoesLastAndHandsOverByItself() {
        raft = false;
        electors = Set.copyOf(members);
        assertThat(order()).containsExactly("demo-3", "demo-2", "demo-0", "demo-1");
    }

    @Test
    void whoIsNotReadyAnyhowGoesBeforeEverybody() {
        pods.put("demo-0", new RollPod("demo-0", "uid", true, false, Optional.empty(), true));
        assertThat(evicted()).isEqualTo("demo-0");
    }

    @Test
    void nobodyGoesWhileAPodIsMissingLeavingOrNotReadyWithTheNewTemplate() {
        pods.remove("demo-3");
        assertThat(reason()).isEqualTo("demo-3 has no pod yet");

        pods.put("demo-3", new RollPod("demo-3", "uid", true, true, Optional.empty(), true));
        assertThat(reason()).isEqualTo("demo-3 is on its way out");

        pods.put("demo-3", new RollPod("demo-3", "uid", false, false, Optional.empty(), true));
        assertThat(reason()).isEqualTo("demo-3 is not ready with the new template");

        pods.put("demo-3", new RollPod("demo-3", "uid", false, false, Optional.of(LONG_AGO), false));
        assertThat(reason()).isEqualTo("the agent of demo-3 does not answer");
    }

    @Test
    void aNewPodHasToStayReady() {
        pods.put("demo-3", new RollPod("demo-3", "uid", false, false, Optional.of(NOW.minusSeconds(4)), true));
        assertThat(next())
                .isEqualTo(
                        new RollStep.Wait("demo-3 has to stay ready for a moment", Optional.of(Duration.ofSeconds(6))));

        pods.put("demo-3", new RollPod("demo-3", "uid", false, false, Optional.of(NOW.plusSeconds(3600)), true));
        assertThat(((RollStep.Wait) next()).recheck())
                .as("a clock that is ahead")
                .contains(RollPlanner.MIN_READY);
    }

    @Test
    void aPodThatANewerEditFindsBrokenIsTheFirstToFollowIt() {
        fresh("demo-3");
        pods.put("demo-2", new RollPod("demo-2", "uid", true, false, Optional.empty(), false));
        assertThat(evicted()).isEqualTo("demo-2");
    }

    @Test
    void aVoterStaysWhileAnotherHasNotCaughtUp() {
        fresh("demo-3");
        applied.put("demo-0", 8L);
        assertThat(reason())
                .isEqualTo("demo-2 may not go while demo-0 does not keep up with Raft's leader, for the majority would"
                        + " be at risk");
        applied.remove("demo-0");
        applied.remove("demo-1");
        assertThat(reason()).contains("demo-0, demo-1 do not keep up");
        committed = OptionalLong.empty();
        assertThat(reason()).as("nobody leads").contains("do not keep up");
    }

    @Test
    void noVoterGoesWhileTheVotersAreBeingChanged() {
        fresh("demo-3");
        voters = Set.of("demo-0", "demo-1", "demo-3");
        assertThat(reason()).isEqualTo("the voters are being changed");
    }

    @Test
    void aVoterThatIsDownGoesOnlyWhereItsDiskStays() {
        fresh("demo-3");
        down("demo-2");
        down("demo-0");
        applied.keySet().retainAll(Set.of("demo-1"));
        assertThat(reason()).startsWith("demo-2 may not go while demo-0 does not");

        durable = true;
        assertThat(evicted()).isEqualTo("demo-2");
    }

    @Test
    void theOnlyVoterIsNotEvictedTogetherWithTheOnlyCopyOfItsLog() {
        members.stream().skip(1).forEach(this::fresh);
        electors = Set.of("demo-0");
        voters = electors;
        assertThat(reason()).contains("only voter", "emptyDir", "by hand");

        durable = true;
        assertThat(evicted()).isEqualTo("demo-0");
    }

    @Test
    void withBullyAMajorityHasToAnswer() {
        raft = false;
        electors = Set.copyOf(members);
        List.of("demo-0", "demo-1")
                .forEach(member ->
                        pods.put(member, new RollPod(member, "uid", true, false, Optional.of(LONG_AGO), false)));
        assertThat(reason()).startsWith("demo-3 may not go while demo-0, demo-1 do not answer");
    }

    @Test
    void theLeaderIsGivenTimeToHandOverAndGoesThenAllTheSame() {
        List.of("demo-0", "demo-2", "demo-3").forEach(this::fresh);
        assertThat(next()).isInstanceOf(RollStep.HandOver.class);

        asked = Optional.of(NOW.minusSeconds(5));
        assertThat(next())
                .isEqualTo(new RollStep.Wait("demo-1 is to hand over leadership", Optional.of(Duration.ofSeconds(10))));
        asked = Optional.of(NOW.minusSeconds(15));
        assertThat(evicted()).isEqualTo("demo-1");
    }

    @Test
    void votersAreAskedOnlyWhenOneOfThemIsToGo() {
        RollView unasked = view(Optional.empty());
        assertThat(RollPlanner.next(unasked, NOW)).isInstanceOf(RollStep.Evict.class);
        fresh("demo-3");
        assertThat(RollPlanner.next(view(Optional.empty()), NOW)).isInstanceOf(RollStep.AskVoters.class);
    }

    @Test
    void nothingGoesWhileItIsHeld() {
        held = Optional.of("the change of the stage comes first");
        assertThat(reason()).isEqualTo("the change of the stage comes first");
        members.forEach(this::fresh);
        assertThat(next()).isInstanceOf(RollStep.Done.class);
    }

    @Test
    void saysHowFarItIs() {
        fresh("demo-3");
        fresh("demo-2");
        assertThat(view(Optional.empty()).progress().doing("demo-1 was evicted").sentence())
                .isEqualTo("Rolling pods: 2 of 4 run the new template; demo-1 was evicted.");
    }

    /** What happens to a cluster in which everything goes well. */
    private List<String> order() {
        List<String> order = new ArrayList<>();
        String leader = "demo-1";
        for (int step = 0; step < 20; step++) {
            RollView view = view(Optional.of(new Standings(committed, applied, voters)), Optional.of(leader));
            switch (RollPlanner.next(view, NOW)) {
                case RollStep.Evict(RollPod pod) -> {
                    order.add(pod.name());
                    fresh(pod.name());
                }
                case RollStep.HandOver(RollPod from, String to) -> {
                    order.add(from.name() + " hands over to " + to);
                    leader = to;
                }
                default -> {
                    return order;
                }
            }
        }
        throw new AssertionError("it never ends: " + order);
    }

    private RollStep next() {
        return RollPlanner.next(view(Optional.of(new Standings(committed, applied, voters))), NOW);
    }

    private String evicted() {
        return next() instanceof RollStep.Evict(RollPod pod) ? pod.name() : "nobody: " + next();
    }

    private String reason() {
        return next() instanceof RollStep.Wait wait ? wait.reason() : "no reason to wait: " + next();
    }

    private RollView view(Optional<Standings> standings) {
        return view(standings, Optional.of("demo-1"));
    }

    private RollView view(Optional<Standings> standings, Optional<String> leader) {
        return new RollView(members, pods, electors, raft, durable, leader, standings, asked, held);
    }

    private void old(String member) {
        pods.put(member, new RollPod(member, "uid", true, false, Optional.of(LONG_AGO), true));
    }

    private void fresh(String member) {
        pods.put(member, new RollPod(member, "uid", false, false, Optional.of(LONG_AGO), true));
    }

    private void down(String member) {
        pods.put(member, new RollPod(member, "uid", true, false, Optional.empty(), false));
    }
}
