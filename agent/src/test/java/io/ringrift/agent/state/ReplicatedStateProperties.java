package io.ringrift.agent.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds whatever is asked, in whatever order. */
class ReplicatedStateProperties {
    private static final int ENTRIES = 300;

    @Property(tries = 200)
    void theSameEntriesMakeTheSameStateAlsoThroughASnapshot(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        ReplicatedState one = new ReplicatedState();
        ReplicatedState other = new ReplicatedState();
        for (byte[] entry : entries(random)) {
            Applied here = one.apply(entry);
            Applied there = other.apply(entry);
            assertThat(there.accepted()).isEqualTo(here.accepted());
            assertThat(Arrays.deepEquals(
                            there.results().toArray(), here.results().toArray()))
                    .isTrue();
            if (random.nextInt(40) == 0) {
                other = Replica.restored(Replica.snapshot(other));
            }
        }
        assertThat(Replica.snapshot(other)).isEqualTo(Replica.snapshot(one));
    }

    @Property(tries = 200)
    void nobodyGetsWhatAnotherHoldsAndCountersNeverGoBack(@ForAll long seed) throws IOException {
        ReplicatedState state = new ReplicatedState();
        Map<String, Long> tokens = new HashMap<>();
        Set<Long> given = new HashSet<>();
        long lastEpoch = 0;
        for (byte[] entry : entries(new Random(seed))) {
            Applied applied = state.apply(entry);
            assertThat(applied.epoch()).isGreaterThanOrEqualTo(lastEpoch);
            lastEpoch = applied.epoch();
            for (byte[] result : applied.results()) {
                if (Answer.decode(result) instanceof Answer.Held(var lock, var expires) && expires > 0) {
                    Long before = tokens.put(lock.name(), lock.token());
                    assertThat(before == null || before <= lock.token()).isTrue();
                    boolean fresh = given.add(lock.token());
                    assertThat(fresh || lock.token() == (before == null ? -1 : before))
                            .isTrue();
                }
            }
            assertThat(state.sizes().get("bytes")).isBetween(0L, Budget.MAX_BYTES);
        }
        var counts = ((Answer.WorkCounts) state.read(new Command.CountWork(), OptionalLong.empty())).counts();
        assertThat(counts.stream().mapToLong(Long::longValue).sum())
                .isEqualTo(state.sizes().get("work"));
    }

    @Property(tries = 2000)
    void noBytesDoAnythingButBeRefused(@ForAll byte[] bytes) {
        ReplicatedState state = new ReplicatedState();
        byte[] before = Replica.snapshot(state);
        if (!accepted(state, bytes)) {
            assertThat(Replica.snapshot(state)).isEqualTo(before);
        }
        state.apply(ReplicatedState.begin(100, "n1"));
        Applied request = state.apply(ReplicatedState.batch(100, 1, List.of(bytes)));
        assertThat(request.results()).hasSize(request.accepted() ? 1 : 0);
    }

    private static boolean accepted(ReplicatedState state, byte[] entry) {
        try {
            return state.apply(entry).accepted();
        } catch (NewerEntryException newer) {
            assertThat(entry[0] & 0xFF).isGreaterThan(ReplicatedState.NEWEST_ENTRY);
            return false;
        }
    }

    private static List<byte[]> entries(Random random) {
        List<byte[]> entries = new ArrayList<>();
        long epoch = 1;
        long now = 0;
        entries.add(ReplicatedState.begin(epoch, "n1"));
        for (int i = 0; i < ENTRIES; i++) {
            now += random.nextInt(3) == 0 ? random.nextInt(20_000) : 10;
            if (random.nextInt(30) == 0) {
                epoch += random.nextInt(3);
                entries.add(ReplicatedState.begin(epoch, node(random)));
            }
            List<byte[]> requests = new ArrayList<>();
            for (int k = random.nextInt(4); k >= 0; k--) {
                byte[] request =
                        new StateRequest(once(random, 10L * i + 4 - k), fence(random, epoch), command(random)).encode();
                requests.add(request);
                if (random.nextInt(10) == 0) {
                    requests.add(request);
                }
            }
            entries.add(ReplicatedState.batch(random.nextInt(20) == 0 ? epoch - 1 : epoch, now, requests));
        }
        return entries;
    }

    private static Optional<StateRequest.Once> once(Random random, long number) {
        return switch (random.nextInt(6)) {
            case 0 -> Optional.of(new StateRequest.Once.Key("key-" + random.nextInt(20), random.nextBoolean()));
            case 1 ->
                Optional.of(new StateRequest.Once.Attempt(
                        "agent-" + random.nextInt(3), number, Math.max(0, number - random.nextInt(10))));
            default -> Optional.empty();
        };
    }

    private static OptionalLong fence(Random random, long epoch) {
        return random.nextInt(10) == 0 ? OptionalLong.of(Math.max(0, epoch - random.nextInt(2))) : OptionalLong.empty();
    }

    private static Command command(Random random) {
        String id = "w" + random.nextInt(30);
        String name = "k" + random.nextInt(8);
        byte[] value = Replica.json("" + random.nextInt(1000));
        return switch (random.nextInt(16)) {
            case 0, 1, 2 ->
                new Command.AddWork(List.of(new Command.NewWork(
                        random.nextBoolean() ? Optional.of(id) : Optional.empty(),
                        "t" + random.nextInt(3),
                        value,
                        random.nextInt(100),
                        1 + random.nextInt(3),
                        1 + random.nextInt(60_000))));
            case 3, 4 ->
                new Command.ClaimWork(
                        node(random), random.nextBoolean() ? Set.of() : Set.of("t1", "t2"), 1 + random.nextInt(3));
            case 5 -> new Command.StartWork(id, node(random));
            case 6 -> new Command.CompleteWork(id, node(random), value);
            case 7 -> new Command.FailWork(id, node(random), value);
            case 8 ->
                new Command.PutKey(
                        name, value, random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextInt(4)));
            case 9 -> new Command.DeleteKey(name);
            case 10 -> new Command.AcquireLock(name, node(random), 1 + random.nextInt(30_000));
            case 11 -> new Command.ReleaseLock(name, node(random), random.nextInt(10));
            case 12 -> new Command.RenewLock(name, node(random), random.nextInt(10));
            case 13 -> new Command.AssignJob(id, node(random), Replica.json("{}"));
            case 14 ->
                random.nextBoolean()
                        ? new Command.StartJob(id, Optional.empty())
                        : new Command.EndJob(id, Optional.of(node(random)), random.nextBoolean(), value);
            default -> random.nextBoolean() ? new Command.NodesDown(Set.of(node(random))) : new Command.Tick();
        };
    }

    private static String node(Random random) {
        return "n" + random.nextInt(4);
    }
}
