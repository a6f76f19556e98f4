package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.state.Applied;
import io.ringrift.agent.state.StateLogException;
import io.ringrift.agent.state.StateLogException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Commands share entries, and what becomes of an entry becomes of each of them. */
class GroupCommitTest {
    private final Queue<CompletableFuture<Applied>> proposed = new ArrayDeque<>();
    private final GroupCommit commands = new GroupCommit(() -> 1, entry -> {
        CompletableFuture<Applied> applied = new CompletableFuture<>();
        proposed.add(applied);
        return applied;
    });

    private void apply(int commandCount) {
        List<byte[]> results = new ArrayList<>();
        for (int i = 0; i < commandCount; i++) {
            results.add(new byte[] {(byte) i});
        }
        proposed.remove().complete(new Applied(true, 1, Optional.of("n1"), results));
    }

    private static Kind kind(CompletionStage<byte[]> result) {
        try {
            result.toCompletableFuture().join();
            throw new AssertionError("did not fail");
        } catch (CompletionException e) {
            return ((StateLogException) e.getCause()).kind();
        }
    }

    @Test
    void whatArrivesWhileAnEntryIsUnderWaySharesTheNext() {
        commands.act(Optional.of(1L));
        var first = commands.submit(new byte[] {1});
        var second = commands.submit(new byte[] {2});
        var third = commands.submit(new byte[] {3});
        assertThat(proposed).hasSize(1);

        apply(1);
        assertThat(first.toCompletableFuture().join()).containsExactly(0);
        assertThat(proposed).hasSize(1);
        apply(2);
        assertThat(second.toCompletableFuture().join()).containsExactly(0);
        assertThat(third.toCompletableFuture().join()).containsExactly(1);
        assertThat(commands.entries()).isEqualTo(2);
        assertThat(commands.commands()).isEqualTo(3);
    }

    @Test
    void whatWaitsIsSurelyNotAppliedWhenLeadershipEnds() {
        assertThat(kind(commands.submit(new byte[] {1}))).isEqualTo(Kind.NOT_LEADER);
        commands.act(Optional.of(1L));
        var underWay = commands.submit(new byte[] {1});
        var waits = commands.submit(new byte[] {2});
        commands.act(Optional.empty());
        assertThat(kind(waits)).isEqualTo(Kind.NOT_LEADER);
        proposed.remove().complete(new Applied(false, 2, Optional.of("n2"), List.of()));
        assertThat(kind(underWay)).isEqualTo(Kind.NOT_LEADER);
    }

    @Test
    void aPauseWaitsForWhatIsUnderWayAndKeepsWhatComes() {
        commands.act(Optional.of(1L));
        commands.submit(new byte[] {1});
        var paused = commands.pause().toCompletableFuture();
        var later = commands.submit(new byte[] {2});
        assertThat(paused).isNotDone();
        apply(1);
        assertThat(paused).isDone();
        assertThat(proposed).isEmpty();

        commands.resume();
        apply(1);
        assertThat(later.toCompletableFuture().join()).containsExactly(0);
        assertThat(commands.pause().toCompletableFuture())
                .as("nothing is under way")
                .isDone();
    }

    @Test
    void moreThanMayWaitIsRefusedAtOnce() {
        commands.act(Optional.of(1L));
        commands.submit(new byte[1 << 20]);
        Optional<Kind> refused = Optional.empty();
        for (int i = 0; i < 40 && refused.isEmpty(); i++) {
            var result = commands.submit(new byte[1 << 20]).toCompletableFuture();
            refused = result.isDone() ? Optional.of(kind(result)) : Optional.empty();
        }
        assertThat(refused).contains(Kind.OVERLOADED);
    }
}
