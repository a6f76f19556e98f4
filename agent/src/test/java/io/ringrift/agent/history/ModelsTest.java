package io.ringrift.agent.history;

import static io.ringrift.agent.history.Operation.answered;
import static io.ringrift.agent.history.Operation.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Histories of locks, work and leaders that must not be, and their neighbours that may. Times are milliseconds. */
class ModelsTest {
    private static final long MILLI = 1_000_000;

    @Nested
    class Locks {
        private final LockModel model = new LockModel(Duration.ofMillis(1_000));

        @Test
        void oneAfterTheOtherUnderRisingTokens() {
            assertFine(acquire("a", 0, 10, 1), refused("b", 20, 30), release("a", 1, 40, 50), acquire("b", 60, 70, 5));
            assertFine(acquire("a", 0, 10, 1), acquire("a", 20, 30, 1));
            assertFine(acquire("a", 0, 10, 1), acquire("b", 1_005, 1_015, 2), notOwner("a", 1, 1_020, 1_030));
        }

        @Test
        void heldByTwo() {
            assertBad(acquire("a", 0, 10, 1), acquire("b", 20, 30, 2));
            assertBad(acquire("a", 0, 10, 1), acquire("b", 5, 8, 2));
        }

        @Test
        void heldByTwoUnderOneToken() {
            assertBad(acquire("a", 0, 10, 1), acquire("b", 5, 8, 1));
            assertBad(acquire("a", 0, 10, 1), release("a", 1, 20, 30), acquire("b", 40, 50, 1));
        }

        @Test
        void aTokenThatDoesNotRise() {
            assertBad(acquire("a", 0, 10, 7), release("a", 7, 20, 30), acquire("a", 40, 50, 6));
            assertBad(acquire("a", 0, 10, 7), acquire("b", 1_100, 1_110, 6));
        }

        @Test
        void whatIsUnknownMayHoldIt() {
            Operation<LockModel.Input, LockModel.Output> lost = unknown("a", new LockModel.Input.Acquire("l", "a"), 0);
            assertFine(lost, refused("b", 20, 30));
            assertFine(lost, acquire("b", 20, 30, 1));
            assertFine(lost, acquire("a", 20, 30, 1), release("a", 1, 40, 50));
            assertBad(refused("b", 20, 30));
        }

        @Test
        void aReleaseThatIsLost() {
            Operation<LockModel.Input, LockModel.Output> lost =
                    unknown("a", new LockModel.Input.Release("l", "a", 1), 20 * MILLI);
            assertFine(acquire("a", 0, 10, 1), lost, acquire("b", 30, 40, 2));
            assertBad(acquire("a", 0, 10, 1), lost, acquire("b", 12, 15, 2));
        }

        private Operation<LockModel.Input, LockModel.Output> acquire(String owner, long call, long end, long token) {
            return answered(
                    owner,
                    new LockModel.Input.Acquire("l", owner),
                    new LockModel.Output.Granted(token),
                    call * MILLI,
                    end * MILLI);
        }

        private Operation<LockModel.Input, LockModel.Output> refused(String owner, long call, long end) {
            return answered(
                    owner,
                    new LockModel.Input.Acquire("l", owner),
                    new LockModel.Output.Refused(),
                    call * MILLI,
                    end * MILLI);
        }

        private Operation<LockModel.Input, LockModel.Output> release(String owner, long token, long call, long end) {
            return answered(
                    owner,
                    new LockModel.Input.Release("l", owner, token),
                    new LockModel.Output.Released(),
                    call * MILLI,
                    end * MILLI);
        }

        private Operation<LockModel.Input, LockModel.Output> notOwner(String owner, long token, long call, long end) {
            return answered(
                    owner,
                    new LockModel.Input.Release("l", owner, token),
                    new LockModel.Output.NotOwner(),
                    call * MILLI,
                    end * MILLI);
        }

        @SafeVarargs
        private void assertFine(Operation<LockModel.Input, LockModel.Output>... history) {
            assertThat(Linearizability.check(model, List.of(history))).isEmpty();
        }

        @SafeVarargs
        private void assertBad(Operation<LockModel.Input, LockModel.Output>... history) {
            assertThat(Linearizability.check(model, List.of(history))).isPresent();
        }
    }

    @Nested
    class Work {
        private final WorkModel model = new WorkModel(Duration.ofMillis(1_000));
        private final Operation<WorkModel.Input, WorkModel.Output> added =
                op(new WorkModel.Input.Add("w"), 0, 10, new WorkModel.Output.Done());

        @Test
        void addedClaimedStartedCompleted() {
            assertFine(
                    added,
                    claim("a", 1, 20, 30),
                    start("a", 32, 38),
                    complete("a", 40, 50, true),
                    seen(WorkModel.Status.COMPLETED, 1, 60));
            assertFine(added, claim("a", 1, 20, 30), claim("b", 2, 1_050, 1_060), complete("a", 1_070, 1_080, false));
        }

        @Test
        void claimedTwice() {
            assertBad(added, claim("a", 1, 20, 30), claim("b", 1, 40, 50));
            assertBad(added, claim("a", 1, 20, 60), claim("b", 1, 30, 50));
            assertBad(added, claim("a", 1, 20, 30), claim("b", 2, 40, 50));
        }

        @Test
        void completedTwiceOrByAnother() {
            Operation<WorkModel.Input, WorkModel.Output> claimed = claim("a", 1, 20, 30);
            Operation<WorkModel.Input, WorkModel.Output> started = start("a", 32, 38);
            assertBad(added, claimed, started, complete("a", 40, 50, true), complete("a", 60, 70, true));
            assertBad(added, claimed, started, complete("b", 40, 50, true));
            assertBad(added, claimed, started, claim("b", 2, 1_050, 1_060), complete("a", 1_070, 1_080, true));
            assertBad(added, claimed, complete("a", 40, 50, true));
        }

        @Test
        void lost() {
            Operation<WorkModel.Input, WorkModel.Output> claimed = claim("a", 1, 20, 30);
            Operation<WorkModel.Input, WorkModel.Output> completed = complete("a", 40, 50, true);
            assertBad(added, seen(WorkModel.Status.ABSENT, 0, 20));
            assertBad(added, claimed, start("a", 32, 38), completed, seen(WorkModel.Status.PENDING, 1, 60));
            assertBad(added, claimed, start("a", 32, 38), completed, claim("b", 2, 1_060, 1_070));
        }

        @Test
        void aClaimThatNobodyKnowsOf() {
            Operation<WorkModel.Input, WorkModel.Output> lost =
                    unknown("a", new WorkModel.Input.Claim("w", "a"), 20 * MILLI);
            assertFine(added, lost, claim("b", 1, 30, 40));
            assertFine(added, lost, claim("b", 2, 1_050, 1_060));
            assertBad(added, lost, claim("b", 3, 2_050, 2_060));
        }

        private Operation<WorkModel.Input, WorkModel.Output> claim(String by, int attempt, long call, long end) {
            return op(new WorkModel.Input.Claim("w", by), call, end, new WorkModel.Output.Claimed(attempt));
        }

        private Operation<WorkModel.Input, WorkModel.Output> start(String by, long call, long end) {
            return op(new WorkModel.Input.Start("w", by), call, end, new WorkModel.Output.Done());
        }

        private Operation<WorkModel.Input, WorkModel.Output> complete(String by, long call, long end, boolean done) {
            return op(
                    new WorkModel.Input.Complete("w", by),
                    call,
                    end,
                    done ? new WorkModel.Output.Done() : new WorkModel.Output.Refused());
        }

        private Operation<WorkModel.Input, WorkModel.Output> seen(WorkModel.Status status, int attempts, long call) {
            return op(new WorkModel.Input.Look("w"), call, call + 5, new WorkModel.Output.Seen(status, attempts));
        }

        private Operation<WorkModel.Input, WorkModel.Output> op(
                WorkModel.Input input, long call, long end, WorkModel.Output told) {
            return new Operation<>("c", input, Optional.of(told), call * MILLI, end * MILLI);
        }

        @SafeVarargs
        private void assertFine(Operation<WorkModel.Input, WorkModel.Output>... history) {
            assertThat(Linearizability.check(model, List.of(history))).isEmpty();
        }

        @SafeVarargs
        private void assertBad(Operation<WorkModel.Input, WorkModel.Output>... history) {
            assertThat(Linearizability.check(model, List.of(history))).isPresent();
        }
    }

    @Nested
    class Leaders {
        private final LeadershipLog log = new LeadershipLog();

        @Test
        void oneAfterTheOther() {
            say("a", "a", 1, 0);
            say("b", "a", 1, 10);
            say("b", "b", 2, 20);
            say("a", "a", 1, 15);
            assertThat(log.violations()).isEmpty();
        }

        @Test
        void twoInOneEpoch() {
            say("a", "a", 1, 0);
            say("b", "b", 1, 10);
            assertThat(log.violations()).singleElement().asString().contains("epoch 1");
        }

        @Test
        void anEpochThatFalls() {
            say("c", "b", 2, 0);
            say("c", "a", 1, 10);
            assertThat(log.violations()).singleElement().asString().contains("c names epoch 1 after 2");
        }

        @Test
        void aFormerLeaderThatGoesOn() {
            say("a", "a", 1, 0);
            say("b", "b", 2, 10);
            say("a", "a", 1, 20);
            assertThat(log.violations()).singleElement().asString().contains("a leads in epoch 1");
        }

        private void say(String observer, String leader, long epoch, long call) {
            log.note(new LeadershipLog.Said(
                    observer, leader, epoch, observer.equals(leader), call * MILLI, (call + 5) * MILLI));
        }
    }
}
