package io.ringrift.operator.roll;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A roll while pods and voters fail and come back at random: whatever happens, it never puts the majority at risk. */
class RollPlannerProperties {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final long COMMITTED = 100;

    /** What is really so; the planner is shown it as it is. */
    private static final class Cluster {
        final Random random;
        final List<String> members;
        final Set<String> electors;
        final boolean raft;
        final boolean durable;
        final Map<String, RollPod> pods = new HashMap<>();
        final Set<String> behind = new HashSet<>();
        final Set<String> broken = new HashSet<>();
        String leader;

        Cluster(long seed, int size, int voters, boolean raft, boolean durable) {
            this.random = new Random(seed);
            this.members = IntStream.range(0, size).mapToObj(i -> "m-" + i).toList();
            this.raft = raft;
            this.durable = durable;
            this.electors = raft ? Set.copyOf(members.subList(0, Math.min(voters, size))) : Set.copyOf(members);
            members.forEach(member -> put(member, true, true, true));
            elect();
        }

        void put(String member, boolean outdated, boolean ready, boolean answers) {
            Optional<Instant> since = ready ? Optional.of(Instant.EPOCH) : Optional.empty();
            pods.put(member, new RollPod(member, "uid", outdated, false, since, answers));
        }

        boolean works(String elector) {
            RollPod pod = pods.get(elector);
            return pod != null && pod.answers() && (!raft || !behind.contains(elector));
        }

        long working() {
            return electors.stream().filter(this::works).count();
        }

        boolean hasMajority() {
            return working() > electors.size() / 2;
        }

        void elect() {
            leader = hasMajority()
                    ? electors.stream().filter(this::works).sorted().findFirst().orElseThrow()
                    : null;
        }

        RollView view() {
            Map<String, Long> applied = electors.stream()
                    .filter(voter -> pods.containsKey(voter) && pods.get(voter).answers())
                    .collect(Collectors.toMap(voter -> voter, voter -> behind.contains(voter) ? 1L : COMMITTED));
            return new RollView(
                    members,
                    pods,
                    electors,
                    raft,
                    durable,
                    Optional.ofNullable(leader),
                    Optional.of(new Standings(
                            leader == null ? OptionalLong.empty() : OptionalLong.of(COMMITTED), applied, electors)),
                    Optional.empty(),
                    Optional.empty());
        }

        void misfortune() {
            String victim = members.get(random.nextInt(members.size()));
            if (!pods.containsKey(victim)) {
                return;
            }
            boolean outdated = pods.get(victim).outdated();
            switch (random.nextInt(4)) {
                case 0 -> put(victim, outdated, false, true);
                case 1 -> put(victim, outdated, false, false);
                case 2 -> behind.add(victim);
                default -> heal(victim);
            }
        }

        void heal(String member) {
            boolean outdated = pods.containsKey(member) && pods.get(member).outdated();
            put(member, outdated, !broken.contains(member), !broken.contains(member));
            behind.remove(member);
        }
    }

    @Property(tries = 400)
    void noEvictionTakesTheMajorityOrTheLastCopy(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int size,
            @ForAll @IntRange(min = 0, max = 2) int voters,
            @ForAll boolean raft,
            @ForAll boolean durable) {
        Cluster cluster = new Cluster(seed, size, 2 * voters + 1, raft, durable);
        for (int step = 0; step < 60; step++) {
            if (cluster.random.nextInt(3) == 0) {
                cluster.misfortune();
            }
            cluster.elect();
            switch (RollPlanner.next(cluster.view(), NOW)) {
                case RollStep.Evict(RollPod pod) -> evict(cluster, pod);
                case RollStep.HandOver(RollPod from, String to) -> {
                    assertThat(cluster.works(to)).as("who takes over works").isTrue();
                    cluster.leader = to;
                    assertThat(from.name()).isNotEqualTo(to);
                    // Its goodbye moves leadership; here it simply follows now.
                    evict(cluster, from);
                }
                default ->
                    cluster.members.stream()
                            .filter(member -> cluster.random.nextInt(3) == 0)
                            .forEach(cluster::heal);
            }
        }
    }

    private static void evict(Cluster cluster, RollPod pod) {
        boolean couldElect = cluster.hasMajority();
        boolean elector = cluster.electors.contains(pod.name());
        assertThat(pod.outdated()).isTrue();
        assertThat(cluster.pods.values())
                .as("one pod at a time is missing or not ready with the new template")
                .allMatch(other -> other.outdated() || other.readySince().isPresent())
                .hasSize(cluster.members.size());
        cluster.pods.remove(pod.name());
        if (elector && cluster.electors.size() >= 3) {
            assertThat(cluster.hasMajority())
                    .as("the majority is still there, if it was")
                    .isEqualTo(couldElect);
            if (cluster.raft && !cluster.durable) {
                assertThat(cluster.working())
                        .as("everything acknowledged lies on every other voter's disk")
                        .isEqualTo(cluster.electors.size() - 1);
            }
        }
        if (elector && cluster.raft && cluster.electors.size() == 1) {
            assertThat(cluster.durable).as("the only copy stays").isTrue();
        }
        // The replacement is from the new template; in Raft it has nothing yet.
        cluster.put(pod.name(), false, true, true);
        if (elector && cluster.raft) {
            cluster.behind.add(pod.name());
        }
    }

    @Property(tries = 100)
    void aBrokenTemplateTakesOnePod(
            @ForAll long seed, @ForAll @IntRange(min = 3, max = 9) int size, @ForAll boolean raft) {
        Cluster cluster = new Cluster(seed, size, 3, raft, false);
        int taken = 0;
        for (int step = 0; step < 30; step++) {
            if (RollPlanner.next(cluster.view(), NOW) instanceof RollStep.Evict(RollPod pod)) {
                taken++;
                cluster.put(pod.name(), false, false, cluster.random.nextBoolean());
            }
        }
        assertThat(taken).isEqualTo(1);
    }

    @Property(tries = 100)
    void whereNothingFailsEveryPodIsReplacedOnceAndTheLeaderLast(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int size, @ForAll boolean raft) {
        Cluster cluster = new Cluster(seed, size, 3, raft, true);
        String first = cluster.leader;
        String last = null;
        int evictions = 0;
        for (int step = 0; step < 3 * size; step++) {
            switch (RollPlanner.next(cluster.view(), NOW)) {
                case RollStep.Evict(RollPod pod) -> {
                    evictions++;
                    last = pod.name();
                    cluster.put(last, false, true, true);
                }
                case RollStep.HandOver(RollPod from, String to) -> cluster.leader = to;
                default -> {}
            }
        }
        assertThat(evictions).isEqualTo(size);
        assertThat(last).isEqualTo(first);
    }
}
