package io.ringrift.agent.membership.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.membership.MemberState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Formulas, tables and merges by themselves, away from any network. */
class RulesTest {
    private static final long MILLI = 1_000_000L;

    @Test
    void theProfilesDeriveWhatTheDesignSays() {
        assertDerived(Profiles.DEFAULT, 500, 3_000, 4_500, 200);
        assertDerived(Profiles.FAST, 250, 2_000, 2_750, 100);
        assertDerived(Profiles.LOW_BANDWIDTH, 1_000, 5_000, 9_000, 400);
    }

    private static void assertDerived(
            SwimSettings settings, long verdict, long confirmed, long unconfirmed, long gossip) {
        assertThat(settings.verdict()).isEqualTo(verdict * MILLI);
        assertThat(settings.confirmedWindow()).isEqualTo(confirmed * MILLI);
        assertThat(settings.unconfirmedWindow()).isEqualTo(unconfirmed * MILLI);
        assertThat(settings.gossipInterval()).isEqualTo(gossip * MILLI);
    }

    /** For any configuration: never beyond the failure timeout, never shorter than half of it. */
    @Test
    void theBoundsHoldForAnyConfiguration() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            long failure = 1 + random.nextLong(600_000);
            SwimSettings settings = Profiles.of(failure, 1 + random.nextLong(failure), 1 + random.nextLong(600_000));
            long longest = settings.verdict() + settings.unconfirmedWindow();
            long shortest = settings.verdict() + settings.confirmedWindow();

            assertThat(longest).isLessThanOrEqualTo(settings.failureTimeout().toNanos());
            assertThat(shortest).isGreaterThan(settings.failureTimeout().toNanos() / 2);
        }
    }

    @Test
    void confirmationsShortenTheWindow() {
        Suspicion suspicion = new Suspicion(Samples.DEMO_0, 0);
        suspicion.add(1);
        long heard = suspicion.window(Profiles.DEFAULT, 10);
        suspicion.saw(false);
        long alone = suspicion.window(Profiles.DEFAULT, 10);
        suspicion.add(2);
        long one = suspicion.window(Profiles.DEFAULT, 10);
        suspicion.add(3);
        suspicion.add(4);
        long three = suspicion.window(Profiles.DEFAULT, 10);
        suspicion.hold();

        assertThat(List.of(heard, alone, one, three, suspicion.window(Profiles.DEFAULT, 10)))
                .containsExactly(4_500 * MILLI, 4_500 * MILLI, 3_750 * MILLI, 3_000 * MILLI, 4_500 * MILLI);
        assertThat(suspicion.add(5)).as("a fifth accuser").isFalse();
    }

    /** The host says that the process is gone: nobody waits for it to wake up. Alone that is not enough, but witnesses make it so. */
    @Test
    void aRefusedConnectionShortensWhatOthersConfirm() {
        Suspicion suspicion = new Suspicion(Samples.DEMO_0, 0);
        suspicion.add(1);
        suspicion.saw(true);
        long alone = suspicion.window(Profiles.FAST, 10);
        suspicion.add(2);
        suspicion.add(3);
        suspicion.add(4);
        long confirmed = suspicion.window(Profiles.FAST, 10);
        suspicion.saw(false);

        assertThat(alone).isEqualTo(2_750 * MILLI);
        assertThat(confirmed).isBetween(666 * MILLI, 667 * MILLI);
        assertThat(suspicion.window(Profiles.FAST, 10))
                .as("gone is gone, even if its host goes too")
                .isEqualTo(confirmed);
    }

    /** A node that had to doubt itself is slower with everybody, but not with whom the host itself calls gone. */
    @Test
    void aRefusalIsBelievedWithoutThePatienceOfDoubt() {
        Simulation simulation = new Simulation(4);
        List<SimNode> nodes = simulation.established(6);
        simulation.runFor(3 * Simulation.SECOND);
        SimNode doubting = nodes.getFirst();
        simulation.cut = (from, to) -> from == doubting || to == doubting;
        simulation.until(
                "it doubts itself",
                20 * Simulation.SECOND,
                () -> doubting.core().status().localHealth() == LocalHealth.WORST);
        simulation.cut = (from, to) -> false;
        nodes.subList(1, 6).forEach(SimNode::kill);
        simulation.changes.clear();
        simulation.until(
                "all others suspected or worse",
                15 * Simulation.SECOND,
                () -> doubting.core().status().alive() == 1);

        assertThat(doubting.core().why("node-3"))
                .filteredOn(step -> step.detail().contains("connection refused"))
                .isNotEmpty()
                .allMatch(step -> step.took().compareTo(Duration.ofMillis(2_200)) <= 0);
    }

    @Test
    void aSmallClusterNeedsFewerConfirmations() {
        assertThat(List.of(2, 3, 4, 5, 6, 7, 100).stream().map(SwimSettings::confirmations))
                .containsExactly(0, 1, 1, 2, 2, 3, 3);
    }

    @Test
    void timeSleptThroughIsNoTime() {
        Timers timers = new Timers();
        List<Long> ran = new ArrayList<>();
        timers.advance(0);
        timers.in(100 * MILLI, () -> ran.add(timers.wall()));

        timers.advance(10_000 * MILLI);
        timers.runDue();
        assertThat(ran).as("packets that waited come first").isEmpty();

        timers.advance(timers.nextDeadline().orElseThrow());
        timers.runDue();
        assertThat(ran).containsExactly(10_050 * MILLI);
        assertThat(timers.pauses()).isEqualTo(1);
    }

    @Test
    void aLittleLateIsNoPause() {
        Timers timers = new Timers();
        List<Long> ran = new ArrayList<>();
        timers.advance(0);
        timers.in(100 * MILLI, () -> ran.add(timers.wall()));
        timers.advance(140 * MILLI);
        timers.runDue();
        timers.advance(100 * MILLI);

        assertThat(ran).containsExactly(140 * MILLI);
        assertThat(timers.now()).as("the clock stepped back").isEqualTo(140 * MILLI);
    }

    /** The queue against a plain sort: by time, of equal times the first that came, without those taken out of the middle. */
    @Test
    void theQueueDoesWhatASortWouldDo() {
        record Entry(long time, int number) implements Runnable {
            @Override
            public void run() {}
        }
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 200; round++) {
            TimeQueue<Entry> queue = new TimeQueue<>();
            List<Entry> plain = new ArrayList<>();
            for (int step = 0; step < 300; step++) {
                if (random.nextInt(3) > 0 || plain.isEmpty()) {
                    Entry entry = new Entry(random.nextInt(40), step);
                    queue.add(entry.time, entry);
                    plain.add(entry);
                    plain.sort(Comparator.comparingLong(Entry::time));
                } else {
                    assertThat(queue.firstTime()).isEqualTo(plain.getFirst().time);
                    assertThat(queue.poll()).isEqualTo(plain.removeFirst());
                }
                if (step % 100 == 99) {
                    queue.removeIf(entry -> entry.number % 3 == 0);
                    plain.removeIf(entry -> entry.number % 3 == 0);
                }
                assertThat(queue.size()).isEqualTo(plain.size());
            }
        }
    }

    /** Timers that are set and cancelled for ever, as a flood of forged accusations would have it, take no room. */
    @Test
    void cancelledTimersDoNotFillTheQueue() {
        Timers timers = new Timers();
        timers.advance(0);
        List<Integer> ran = new ArrayList<>();
        timers.in(10 * MILLI, () -> ran.add(0));
        for (int i = 0; i < 100_000; i++) {
            Timers.Timer timer = timers.in(5 * MILLI, () -> ran.add(1));
            timers.cancel(timer);
            timers.cancel(timer);
            assertThat(timers.size()).isEqualTo(1);
            assertThat(timers.queued()).isLessThan(100);
        }
        assertThat(timers.nextDeadline()).hasValue(10 * MILLI);
        timers.advance(10 * MILLI);
        timers.runDue();

        assertThat(ran).containsExactly(0);
        assertThat(timers.nextDeadline()).isEmpty();
    }

    /** The table against a plain list: finding, ring neighbours, counts and the hash. */
    @Test
    void theTableDoesWhatAListWouldDo() {
        SplittableRandom random = new SplittableRandom(1);
        MemberTable table = new MemberTable();
        List<MemberRecord> model = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            MemberRecord member = Samples.member(random.nextInt(300), i);
            model.removeIf(other -> other.nodeId().equals(member.nodeId()));
            if (random.nextInt(4) == 0) {
                int at = table.find(member.instance());
                if (at >= 0) {
                    table.remove(at);
                }
            } else {
                model.add(member);
                table.put(member, MemberState.ALIVE, 0);
            }
            model.sort((a, b) -> Long.compareUnsigned(a.instance(), b.instance()));
        }

        assertThat(table.size()).isEqualTo(model.size());
        assertThat(table.live()).isEqualTo(model.size());
        assertThat(table.hash())
                .isEqualTo(model.stream()
                        .mapToLong(m -> MemberTable.hashOf(m, MemberState.ALIVE))
                        .sum());
        for (int i = 0; i < model.size(); i++) {
            assertThat(table.record(i)).isEqualTo(model.get(i));
            assertThat(table.findNode(model.get(i).nodeId())).isEqualTo(i);
            assertThat(table.neighbour(model.get(i).instance(), 1, at -> true)).isEqualTo((i + 1) % model.size());
            assertThat(table.neighbour(model.get(i).instance(), -1, at -> true))
                    .isEqualTo((i + model.size() - 1) % model.size());
        }
    }

    @Test
    void pickingFindsTheLastOneThatQualifies() {
        MemberTable table = new MemberTable();
        for (int i = 0; i < 1_000; i++) {
            table.put(Samples.member(i, 1), MemberState.ALIVE, 0);
        }
        SplittableRandom random = new SplittableRandom(1);

        assertThat(table.pick(3, random, at -> at == 777)).containsExactly(777);
        assertThat(table.pick(3, random, at -> false)).isEmpty();
        assertThat(table.pick(5, random, at -> true)).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void newsIsPassedOnOftenEnoughAndNoMore() {
        UpdateQueue queue = new UpdateQueue();
        queue.add(new Update.Left(1, 1), 2);
        queue.add(new Update.Failed(2, 1, 3), 3);
        queue.add(new Update.Failed(2, 2, 3), 3);
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            WireWriter out = new WireWriter(Wire.MAX_PACKET);
            queue.fill(out, false);
            queue.fill(out, true);
            sizes.add(UpdateCodec.readAll(new WireReader(out.toBytes())).size());
        }

        assertThat(sizes).as("each packet twice: once that counts").containsExactly(4, 4, 2, 0);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void aFullPacketCarriesTheLeastSentFirst() {
        UpdateQueue queue = new UpdateQueue();
        for (int i = 0; i < 100; i++) {
            queue.add(new Update.Left(i, 1), 10);
        }
        WireWriter first = new WireWriter(12 * 50);
        WireWriter second = new WireWriter(12 * 50);
        queue.fill(first, true);
        queue.fill(second, true);
        List<Long> carried = new ArrayList<>();
        UpdateCodec.readAll(new WireReader(first.toBytes())).forEach(update -> carried.add(update.instance()));
        UpdateCodec.readAll(new WireReader(second.toBytes())).forEach(update -> carried.add(update.instance()));

        assertThat(carried).hasSizeGreaterThanOrEqualTo(100).contains(0L, 50L, 99L);
        assertThat(carried.subList(0, 100)).doesNotHaveDuplicates();
    }

    /** News of the same events in any order leads to the same view. */
    @Test
    void theOrderOfNewsDoesNotMatter() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 300; round++) {
            List<MemberRecord> known = new ArrayList<>();
            List<Update> news = new ArrayList<>();
            for (int member = 0; member < 6; member++) {
                MemberRecord record = Samples.member(member, 100);
                known.add(record);
                history(record, random, news);
            }
            long first = viewAfter(known, news, random);
            long second = viewAfter(known, news, random);

            assertThat(first).as("round %d: %s", round, news).isEqualTo(second);
        }
    }

    /** What may honestly be said of one node: refutations, verdicts, at most one goodbye at the end, perhaps a new boot. */
    private static void history(MemberRecord record, SplittableRandom random, List<Update> news) {
        long incarnation = record.incarnation();
        for (int i = random.nextInt(4); i > 0; i--) {
            if (random.nextBoolean()) {
                news.add(new Update.Failed(record.instance(), incarnation, 1));
            }
            news.add(new Update.Alive(record.withIncarnation(++incarnation)));
        }
        switch (random.nextInt(4)) {
            case 0 -> news.add(new Update.Left(record.instance(), incarnation + 1));
            case 1 -> news.add(new Update.Failed(record.instance(), incarnation, 1));
            case 2 ->
                news.add(new Update.Alive(new MemberRecord(
                        record.nodeId(),
                        MemberRecord.instanceOf(record.nodeId(), 999),
                        incarnation + 50,
                        record.endpoint(),
                        record.httpPort(),
                        record.raftPort(),
                        record.modes(),
                        Wire.VERSION)));
            default -> {}
        }
    }

    private static long viewAfter(List<MemberRecord> known, List<Update> news, SplittableRandom random) {
        Swim swim =
                new Swim(Duration.ZERO, Simulation.CLUSTER, Samples.DEMO_0, Profiles.DEFAULT, new SplittableRandom(1));
        swim.preload(known.stream()
                .sorted((a, b) -> Long.compareUnsigned(a.instance(), b.instance()))
                .toList());
        List<Update> shuffled = new ArrayList<>(news);
        java.util.Collections.shuffle(shuffled, new java.util.Random(random.nextLong()));
        for (Update update : shuffled) {
            byte[] packet = Samples.encode(
                    Swim.clusterTag(Simulation.CLUSTER),
                    1,
                    Samples.DEMO_0.instance(),
                    0,
                    new Message.Gossip(),
                    List.of(update));
            swim.packet(Duration.ofMillis(1), Samples.DEMO_1.endpoint(), packet);
        }
        return swim.status().viewHash();
    }

    /** The trail that {@code /members/ID/why} shows: who missed it, who confirmed it, how long each step took. */
    @Test
    void aVerdictCanBeExplained() {
        Simulation simulation = new Simulation(3);
        List<SimNode> nodes = simulation.established(10);
        simulation.runFor(3 * Simulation.SECOND);
        nodes.get(5).crash();
        simulation.runFor(6 * Simulation.SECOND);
        List<List<WhyEntry>> trails = nodes.stream()
                .filter(SimNode::up)
                .map(node -> node.core().why("node-5"))
                .toList();

        assertThat(trails)
                .allSatisfy(trail -> assertThat(trail)
                        .extracting(WhyEntry::step)
                        .contains(WhyEntry.Step.SUSPECTED, WhyEntry.Step.FAILED));
        assertThat(trails).anySatisfy(trail -> {
            assertThat(trail)
                    .extracting(WhyEntry::step)
                    .containsSubsequence(
                            WhyEntry.Step.PROBE_FAILED,
                            WhyEntry.Step.SUSPECTED,
                            WhyEntry.Step.CONFIRMED,
                            WhyEntry.Step.FAILED);
            assertThat(trail.getFirst().detail()).contains("3 of 3 relays missed it too", "no answer over TCP");
            assertThat(trail.getLast().took()).isBetween(Duration.ofMillis(2_900), Duration.ofMillis(3_100));
        });
    }
}
