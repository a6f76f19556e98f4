package io.ringrift.agent.history;

import static io.ringrift.agent.history.Operation.answered;
import static io.ringrift.agent.history.Operation.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.history.Register.Input;
import io.ringrift.agent.history.Register.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The checker finds what is wrong, and nothing where nothing is. */
class LinearizabilityTest {
    private static final Register REGISTER = new Register();

    @Test
    void whatHappensOneAfterTheOtherIsFine() {
        assertFine(
                put("a", 1, 10, 20, new Output.Written(1)),
                get("b", 30, 40, new Output.Found("1", 1)),
                cas("a", 2, 1, 50, 60, new Output.Written(2)),
                cas("b", 3, 1, 70, 80, new Output.Conflict(2)));
    }

    @Test
    void whatOverlapsMayHaveHappenedInAnyOrder() {
        assertFine(
                put("a", 1, 10, 100, new Output.Written(2)),
                put("b", 2, 20, 90, new Output.Written(1)),
                get("c", 30, 40, new Output.Absent()),
                get("c", 50, 60, new Output.Found("2", 1)),
                get("c", 70, 80, new Output.Found("1", 2)));
    }

    @Test
    void aStaleReadIsFound() {
        assertBad(
                put("a", 1, 10, 20, new Output.Written(1)),
                put("a", 2, 30, 40, new Output.Written(2)),
                get("b", 50, 60, new Output.Found("1", 1)));
    }

    @Test
    void aReadThatGoesBackIsFoundAlsoDuringAWrite() {
        assertBad(
                put("a", 1, 10, 20, new Output.Written(1)),
                put("a", 2, 30, 100, new Output.Written(2)),
                get("b", 40, 50, new Output.Found("2", 2)),
                get("c", 60, 70, new Output.Found("1", 1)));
    }

    @Test
    void aLostWriteIsFound() {
        assertBad(put("a", 1, 10, 20, new Output.Written(1)), get("b", 30, 40, new Output.Absent()));
        assertBad(
                put("a", 1, 10, 20, new Output.Written(1)),
                put("a", 2, 30, 40, new Output.Written(2)),
                put("b", 3, 50, 60, new Output.Written(2)));
    }

    @Test
    void twoThatWinOneComparisonAreFound() {
        assertBad(
                put("a", 1, 10, 20, new Output.Written(1)),
                cas("b", 2, 1, 30, 60, new Output.Written(2)),
                cas("c", 3, 1, 40, 70, new Output.Written(2)));
    }

    @Test
    void aWriteThatIsAppliedTwiceIsFound() {
        assertBad(put("a", 1, 10, 20, new Output.Written(1)), get("b", 30, 40, new Output.Found("1", 2)));
        // A retry whose first attempt was applied as well: the version gives it away.
        assertBad(put("a", 1, 10, 50, new Output.Written(2)));
    }

    @Test
    void whatIsUnknownMayHaveHappenedLaterOrNever() {
        assertFine(lost("a", 1, 10), get("b", 30, 40, new Output.Absent()), get("b", 50, 60, new Output.Found("1", 1)));
        assertFine(lost("a", 1, 10), put("b", 2, 30, 40, new Output.Written(1)));
        assertFine(lost("a", 1, 10), put("b", 2, 30, 40, new Output.Written(2)));
    }

    @Test
    void whatIsUnknownHappensAtMostOnceAndNotBeforeItsCall() {
        assertBad(
                lost("a", 1, 10),
                get("b", 20, 30, new Output.Found("1", 1)),
                put("c", 2, 40, 50, new Output.Written(2)),
                get("b", 60, 70, new Output.Found("1", 3)));
        assertBad(get("b", 10, 20, new Output.Found("1", 1)), lost("a", 1, 30));
    }

    @Test
    void keysAreJudgedEachByItself() {
        List<Operation<Input, Output>> history = new ArrayList<>();
        history.add(answered("a", new Input.Put("x", "1", OptionalLong.empty()), new Output.Written(1), 10, 20));
        history.add(answered("a", new Input.Put("y", "1", OptionalLong.empty()), new Output.Written(1), 30, 40));
        assertThat(Linearizability.check(REGISTER, history)).isEmpty();
        history.add(answered("a", new Input.Get("y"), new Output.Absent(), 50, 60));
        assertThat(Linearizability.check(REGISTER, history))
                .hasValueSatisfying(
                        violation -> assertThat(violation.partition()).isEqualTo("y"));
    }

    /** Clients of a real register, with answers late and lost: never a false alarm; and one read made stale: always found. */
    @Test
    void randomHistoriesOfARealRegisterAreFineAndWithOneStaleReadTheyAreNot() {
        for (long seed = 1; seed <= 100; seed++) {
            List<Operation<Input, Output>> history = record(new SplittableRandom(seed));
            assertThat(Linearizability.check(REGISTER, history))
                    .as("seed %d", seed)
                    .isEmpty();
            long end = history.stream()
                    .mapToLong(Operation::end)
                    .filter(at -> at < Long.MAX_VALUE)
                    .max()
                    .orElseThrow();
            history.add(answered(
                    "z", new Input.Put("k", "z", OptionalLong.empty()), new Output.Written(1), end + 1, end + 2));
            assertThat(Linearizability.check(REGISTER, history))
                    .as("spoilt, seed %d", seed)
                    .isPresent();
        }
    }

    private static List<Operation<Input, Output>> record(SplittableRandom random) {
        List<Operation<Input, Output>> history = new ArrayList<>();
        history.add(put("first", 0, 1, 2, new Output.Written(1)));
        Register.State state = new Register.State("0", 1);
        for (int i = 1; i <= 60; i++) {
            long moment = 10L * i;
            Input input = random.nextInt(3) == 0
                    ? new Input.Get("k")
                    : new Input.Put(
                            "k",
                            Integer.toString(i),
                            random.nextBoolean()
                                    ? OptionalLong.empty()
                                    : OptionalLong.of(Math.max(0, state.version() - random.nextInt(2))));
            boolean lost = random.nextInt(12) == 0;
            Operation<Input, Output> asked = unknown("c" + i, input, moment - random.nextInt(40));
            if (!lost || random.nextBoolean()) {
                Register.State before = state;
                state = REGISTER.after(before, asked).getFirst();
                Output told = told(before, state, input);
                history.add(
                        lost
                                ? asked
                                : answered(asked.client(), input, told, asked.call(), moment + random.nextInt(40)));
            } else {
                history.add(asked);
            }
        }
        return history;
    }

    private static Output told(Register.State before, Register.State after, Input input) {
        if (input instanceof Input.Get) {
            return new Output.Found(before.value(), before.version());
        }
        return after.equals(before) ? new Output.Conflict(before.version()) : new Output.Written(after.version());
    }

    // ---- words

    private static Operation<Input, Output> put(String client, int value, long call, long end, Output told) {
        return answered(client, new Input.Put("k", Integer.toString(value), OptionalLong.empty()), told, call, end);
    }

    private static Operation<Input, Output> cas(
            String client, int value, long version, long call, long end, Output told) {
        return answered(client, new Input.Put("k", Integer.toString(value), OptionalLong.of(version)), told, call, end);
    }

    private static Operation<Input, Output> get(String client, long call, long end, Output told) {
        return answered(client, new Input.Get("k"), told, call, end);
    }

    private static Operation<Input, Output> lost(String client, int value, long call) {
        return unknown(client, new Input.Put("k", Integer.toString(value), OptionalLong.empty()), call);
    }

    @SafeVarargs
    private static void assertFine(Operation<Input, Output>... history) {
        assertThat(Linearizability.check(REGISTER, List.of(history))).isEmpty();
    }

    @SafeVarargs
    private static void assertBad(Operation<Input, Output>... history) {
        assertThat(Linearizability.check(REGISTER, List.of(history))).isPresent();
    }
}
