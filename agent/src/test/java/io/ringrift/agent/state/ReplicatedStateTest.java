package io.ringrift.agent.state;

import static io.ringrift.agent.state.Replica.NOTHING;
import static io.ringrift.agent.state.Replica.code;
import static io.ringrift.agent.state.Replica.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringrift.agent.state.Answer.Code;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplicatedStateTest {
    private final Replica replica = new Replica();

    @Test
    void epochsOnlyRiseAndEntriesOfAnEarlierLeaderAreRefusedWhole() {
        replica.epoch = 7;
        assertThat(replica.state.apply(ReplicatedState.begin(7, "n2")).accepted())
                .isTrue();
        assertThat(replica.state.apply(ReplicatedState.begin(7, "n3")).accepted())
                .isFalse();
        assertThat(replica.state.holder()).contains("n2");

        byte[] late = ReplicatedState.batch(
                1,
                replica.now,
                List.of(StateRequest.of(new Command.PutKey("k", NOTHING, OptionalLong.empty()))
                        .encode()));

        assertThat(replica.state.apply(late).accepted()).isFalse();
        assertThat(code(replica.ask(new Command.GetKey("k")))).isEqualTo(Code.NOT_FOUND);
    }

    @Test
    void aStaleFencingTokenIsRefusedAndAPresentOneIsNot() {
        replica.epoch = 9;
        replica.state.apply(ReplicatedState.begin(9, "n2"));
        Command put = new Command.PutKey("k", NOTHING, OptionalLong.empty());

        Answer stale = replica.ask(new StateRequest(Optional.empty(), OptionalLong.of(8), put));

        assertThat(code(stale)).isEqualTo(Code.STALE_EPOCH);
        assertThat(((Answer.Refusal) stale).details())
                .containsEntry("epoch", "9")
                .containsEntry("leader", "n2");
        assertThat(replica.ask(new StateRequest(Optional.empty(), OptionalLong.of(9), put)))
                .isEqualTo(new Answer.Version("k", 1));
    }

    @Test
    void versionsOfAKeyNeverComeASecondTime() {
        assertThat(put("k", "1", OptionalLong.of(0))).isEqualTo(new Answer.Version("k", 1));
        assertThat(put("k", "2", OptionalLong.of(1))).isEqualTo(new Answer.Version("k", 2));
        Answer conflict = put("k", "3", OptionalLong.of(1));
        assertThat(code(conflict)).isEqualTo(Code.VERSION_CONFLICT);
        assertThat(((Answer.Refusal) conflict).details()).containsEntry("version", "2");
        assertThat(code(put("k", "3", OptionalLong.of(0)))).isEqualTo(Code.VERSION_CONFLICT);
        assertThat(put("other", "1", OptionalLong.empty())).isEqualTo(new Answer.Version("other", 1));

        replica.ask(new Command.DeleteKey("k"));

        assertThat(code(put("k", "3", OptionalLong.of(2)))).isEqualTo(Code.VERSION_CONFLICT);
        assertThat(put("k", "3", OptionalLong.of(0))).isEqualTo(new Answer.Version("k", 3));
    }

    @Test
    void listsKeysByPrefixPageByPage() {
        for (String key : List.of("a/1", "a/2", "a/3", "b/1")) {
            put(key, "1", OptionalLong.empty());
        }

        assertThat(keys("a/", Optional.empty(), 2)).isEqualTo("a/1 a/2 more");
        assertThat(keys("a/", Optional.of("a/2"), 2)).isEqualTo("a/3");
        assertThat(keys("", Optional.empty(), 9)).isEqualTo("a/1 a/2 a/3 b/1");
        assertThat(keys("b", Optional.of("a/9"), 9)).isEqualTo("b/1");
    }

    @Test
    void locksAreHeldByOneAndTheirTokensOnlyRise() {
        Answer.Held first = lock("l", "x", 10);
        assertThat(first.lock().token()).isEqualTo(1);
        assertThat(lock("l", "x", 10).lock().token()).as("the same holder").isEqualTo(1);
        assertThat(code(replica.ask(new Command.AcquireLock("l", "y", 10_000)))).isEqualTo(Code.LOCKED);
        assertThat(code(replica.ask(new Command.ReleaseLock("l", "y", 1)))).isEqualTo(Code.NOT_OWNER);
        assertThat(code(replica.ask(new Command.ReleaseLock("l", "x", 2)))).isEqualTo(Code.NOT_OWNER);
        replica.pass(9);
        assertThat(((Answer.Held) replica.ask(new Command.RenewLock("l", "x", 1))).expiresInMillis())
                .isEqualTo(10_000);
        replica.pass(10);

        assertThat(replica.state.isFree("l")).isTrue();
        assertThat(code(replica.ask(new Command.RenewLock("l", "x", 1)))).isEqualTo(Code.NOT_OWNER);
        assertThat(lock("l", "y", 10).lock().token()).isEqualTo(2);
        assertThat(lock("m", "x", 10).lock().token()).isEqualTo(3);
        assertThat(((Answer.Held) replica.ask(new Command.ReleaseLock("l", "y", 2))).expiresInMillis())
                .isZero();
    }

    @Test
    void jobsFollowTheirNodeAndShowThatItIsGone() {
        replica.ask(new Command.AssignJob("j", "n1", json("{\"gpu\":2}")));
        assertThat(code(replica.ask(new Command.StartJob("j", Optional.of("n2")))))
                .isEqualTo(Code.NOT_CLAIMANT);
        assertThat(code(replica.ask(new Command.EndJob("j", Optional.empty(), true, NOTHING))))
                .isEqualTo(Code.WRONG_STATE);
        replica.ask(new Command.StartJob("j", Optional.of("n1")));
        replica.ask(new Command.NodesDown(Set.of("n1")));

        assertThat(jobs(Optional.of("n1")).getFirst().orphaned()).isTrue();

        replica.ask(new Command.AssignJob("j", "n2", json("{}")));
        assertThat(jobs(Optional.of("n1"))).isEmpty();
        assertThat(jobs(Optional.empty()).getFirst().orphaned()).isFalse();
        replica.ask(new Command.StartJob("j", Optional.empty()));
        replica.ask(new Command.EndJob("j", Optional.empty(), true, json("1")));
        assertThat(jobs(Optional.of("n2")).getFirst().job().status()).isEqualTo(Job.Status.COMPLETED);
    }

    @Test
    void aRetriedRequestIsAppliedOnceAndAnsweredTheSame() {
        var add = new Command.AddWork(List.of(new Command.NewWork(Optional.empty(), "train", json("{}"), 50, 3, 1000)));
        Answer first = replica.ask("key", add);

        assertThat(replica.ask("key", add).encode()).isEqualTo(first.encode());
        assertThat(replica.state.sizes()).containsEntry("work", 1L);
        assertThat(code(replica.ask("key", new Command.DeleteKey("k")))).isEqualTo(Code.KEY_REUSED);

        replica.pass(600);
        replica.ask("key", add);
        assertThat(replica.state.sizes()).containsEntry("work", 2L);
    }

    @Test
    void timeNeverGoesBack() {
        replica.add("a", 50);
        replica.claim("n1", 1);
        long before = replica.state.nowMillis();
        replica.now -= 5_000_000;
        replica.pass(1);

        assertThat(replica.state.nowMillis()).isEqualTo(before);
        assertThat(replica.work("a").status()).isEqualTo(WorkItem.Status.CLAIMED);
    }

    @Test
    void holdsNoMoreThanItsBudget() {
        byte[] large = new byte[1 << 20];
        Arrays.fill(large, (byte) '1');
        int accepted = 0;
        Answer answer = put("k0", large);
        while (!(answer instanceof Answer.Refusal)) {
            accepted++;
            answer = put("k" + accepted, large);
        }

        assertThat(code(answer)).isEqualTo(Code.LIMIT_EXCEEDED);
        assertThat(accepted).isEqualTo(23);
        replica.ask(new Command.DeleteKey("k0"));
        assertThat(put("more", large)).isInstanceOf(Answer.Version.class);
    }

    @Test
    void aBackupReplacesTheTablesAndNothingGoesBack() {
        put("k", "1", OptionalLong.empty());
        lock("l", "x", 10);
        byte[] backup = Backup.of(replica.state);
        put("k", "2", OptionalLong.empty());
        put("new", "1", OptionalLong.empty());
        lock("m", "x", 10);
        replica.epoch = 5;
        replica.state.apply(ReplicatedState.begin(5, "n2"));

        int half = backup.length / 2;
        replica.ask(new Command.Restore(1, 0, false, Arrays.copyOf(backup, half)));
        replica.ask(new Command.Restore(1, 1, true, Arrays.copyOfRange(backup, half, backup.length)));

        assertThat(((Answer.Value) replica.ask(new Command.GetKey("k"))).value().value())
                .isEqualTo(json("1"));
        assertThat(code(replica.ask(new Command.GetKey("new")))).isEqualTo(Code.NOT_FOUND);
        assertThat(put("new", "1", OptionalLong.empty())).isEqualTo(new Answer.Version("new", 3));
        assertThat(lock("n", "x", 10).lock().token()).isEqualTo(3);
        assertThat(replica.state.epoch()).isEqualTo(5);
    }

    @Test
    void damagedBackupsAndSnapshotsChangeNothing() {
        put("k", "1", OptionalLong.empty());
        byte[] snapshot = replica.snapshot();
        byte[] damaged = snapshot.clone();
        damaged[damaged.length / 2] ^= 1;

        assertThat(code(replica.ask(new Command.Restore(1, 0, true, damaged)))).isEqualTo(Code.INVALID_REQUEST);
        assertThat(code(replica.ask(new Command.Restore(1, 1, true, snapshot)))).isEqualTo(Code.INVALID_REQUEST);
        assertThatThrownBy(() -> Replica.restored(damaged)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Replica.restored(Arrays.copyOf(snapshot, snapshot.length - 1)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Replica.restored(Arrays.copyOf(snapshot, snapshot.length + 1)))
                .isInstanceOf(IOException.class);
        assertThat(replica.snapshot()).isEqualTo(snapshot);
    }

    @Test
    void anEntryOfANewerVersionIsNotSkipped() {
        put("k", "1", OptionalLong.empty());
        byte[] snapshot = replica.snapshot();

        assertThatThrownBy(() -> replica.state.apply(new byte[] {3}))
                .isInstanceOf(NewerEntryException.class)
                .hasMessageContaining("kind 3");
        assertThat(replica.snapshot()).isEqualTo(snapshot);
        assertThat(replica.state.apply(new byte[] {2}).accepted()).as("damaged").isFalse();
    }

    private Answer put(String key, String value, OptionalLong version) {
        return replica.ask(new Command.PutKey(key, json(value), version));
    }

    private Answer put(String key, byte[] value) {
        return replica.ask(new Command.PutKey(key, value, OptionalLong.empty()));
    }

    private Answer.Held lock(String name, String owner, long seconds) {
        return (Answer.Held) replica.ask(new Command.AcquireLock(name, owner, seconds * 1000));
    }

    private List<Answer.JobState> jobs(Optional<String> node) {
        return ((Answer.Jobs) replica.ask(new Command.ListJobs(node, Optional.empty(), 100))).jobs();
    }

    private String keys(String prefix, Optional<String> after, int limit) {
        var page = (Answer.Values) replica.ask(new Command.ListKeys(prefix, after, limit));
        return String.join(" ", page.values().stream().map(KeyValue::key).toList()) + (page.more() ? " more" : "");
    }
}
