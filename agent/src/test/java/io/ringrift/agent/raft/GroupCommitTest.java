package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.state.Applied;
import io.ringrift.agent.state.Outcome;
import io.ringrift.agent.state.StateLogException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Commands share entries, and what becomes of an entry becomes of each of them. */
class GroupCommitTest {
    private final Queue<CompletableFuture<Applied>> proposed = new ArrayDeque<>();
    private final Queue<Runnable> delayed = new ArrayDeque<>();
    private final GroupCommit commands = new GroupCommit(
            () -> 1,
            entry -> {
                CompletableFuture<Applied> applied = new CompletableFuture<>();
                proposed.add(applied);
                return applied;
            },
            (wait, what) -> delayed.add(what));

    private void apply(int commandCount) {
        List<byte[]> results = new ArrayList<>();
        for (int i = 0; i < commandCount; i++) {
            results.add(new byte[] {(byte) i});
        }
        proposed.remove().complete(new Applied(true, 1, Optional.of("n1"), results));
    }

    private CompletionStage<List<Outcome>> submit(int... commands) {
        return this.commands.submit(Arrays.stream(commands)
                .mapToObj(command -> new byte[] {(byte) command})
                .toList());
    }

    private static List<Outcome> outcomes(CompletionStage<List<Outcome>> result) {
        assertThat(result.toCompletableFuture()).isDone();
        return result.toCompletableFuture().join();
    }

    /** The result of its only command. */
    private static byte[] result(CompletionStage<List<Outcome>> result) {
        return ((Outcome.Answered) outcomes(result).getFirst()).answer();
    }

    private static Kind kind(Outcome outcome) {
        return ((Outcome.Failed) outcome).kind();
    }

    private static Kind kind(CompletionStage<List<Outcome>> result) {
        return kind(outcomes(result).getFirst());
    }

    @Test
    void whatArrivesWhileAnEntryIsUnderWaySharesTheNext() {
        commands.act(Optional.of(1L));
        var first = submit(1);
        var second = submit(2);
        var third = submit(3);
        assertThat(proposed).hasSize(1);

        apply(1);
        assertThat(result(first)).containsExactly(0);
        assertThat(proposed).as("waits for whoever has just been answered").isEmpty();
        delayed.remove().run();
        apply(2);
        assertThat(result(second)).containsExactly(0);
        assertThat(result(third)).containsExactly(1);
        assertThat(commands.entries()).isEqualTo(2);
        assertThat(commands.commands()).isEqualTo(3);
    }

    @Test
    void whatWaitsIsSurelyNotAppliedWhenLeadershipEnds() {
        assertThat(kind(submit(1))).isEqualTo(Kind.NOT_LEADER);
        commands.act(Optional.of(1L));
        var underWay = submit(1);
        var waits = submit(2);
        commands.act(Optional.empty());
        assertThat(kind(waits)).isEqualTo(Kind.NOT_LEADER);
        proposed.remove().complete(new Applied(false, 2, Optional.of("n2"), List.of()));
        assertThat(kind(underWay)).isEqualTo(Kind.NOT_LEADER);
    }

    @Test
    void aPauseWaitsForWhatIsUnderWayAndKeepsWhatComes() {
        commands.act(Optional.of(1L));
        submit(1);
        var paused = commands.pause().toCompletableFuture();
        var later = submit(2);
        assertThat(paused).isNotDone();
        apply(1);
        assertThat(paused).isDone();
        assertThat(proposed).isEmpty();

        commands.resume();
        delayed.remove().run();
        apply(1);
        assertThat(result(later)).containsExactly(0);
        assertThat(commands.pause().toCompletableFuture())
                .as("nothing is under way")
                .isDone();
    }

    @Test
    void moreThanMayWaitIsRefusedAtOnce() {
        commands.act(Optional.of(1L));
        commands.submit(List.of(new byte[1 << 20]));
        Optional<Kind> refused = Optional.empty();
        for (int i = 0; i < 40 && refused.isEmpty(); i++) {
            var result = commands.submit(List.of(new byte[1 << 20])).toCompletableFuture();
            refused = result.isDone() ? Optional.of(kind(result)) : Optional.empty();
        }
        assertThat(refused).contains(Kind.OVERLOADED);
    }

    @Test
    void whatComesTogetherSharesAnEntryAndIsToldTogether() {
        commands.act(Optional.of(1L));
        var together = submit(1, 2, 3);
        assertThat(proposed).hasSize(1);
        assertThat(together.toCompletableFuture()).isNotDone();
        apply(3);
        assertThat(outcomes(together))
                .extracting(outcome -> ((Outcome.Answered) outcome).answer()[0])
                .containsExactly((byte) 0, (byte) 1, (byte) 2);
        assertThat(commands.entries()).isEqualTo(1);
    }

    @Test
    void whatDoesNotFitOneEntryGoesOnInTheNextAndOneThatFitsNowhereFailsAlone() {
        commands.act(Optional.of(1L));
        byte[] half = new byte[RaftSettings.MAX_COMMAND / 2 + 1];
        var together = commands.submit(List.of(half, half, new byte[RaftSettings.MAX_COMMAND + 1], half));
        apply(1);
        apply(1);
        assertThat(together.toCompletableFuture()).isNotDone();
        apply(1);
        assertThat(outcomes(together)).hasSize(4);
        assertThat(kind(outcomes(together).get(2))).isEqualTo(Kind.TOO_LARGE);
        assertThat(outcomes(together))
                .filteredOn(Outcome.Answered.class::isInstance)
                .hasSize(3);
    }

    @Test
    void whoeverIsAnsweredJoinsThoseWhoWait() {
        commands.act(Optional.of(1L));
        submit(1, 2);
        var waited = submit(3);
        apply(2);
        assertThat(proposed).isEmpty();
        submit(4);
        var last = submit(5);
        apply(3);
        assertThat(result(waited)).containsExactly(0);
        assertThat(result(last)).containsExactly(2);
        delayed.remove().run();
        assertThat(proposed).as("the time is over, and they had come before").isEmpty();
    }
}
