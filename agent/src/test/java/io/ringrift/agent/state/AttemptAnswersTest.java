package io.ringrift.agent.state;

import static io.ringrift.agent.state.Replica.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.state.Answer.Code;
import io.ringrift.agent.state.StateRequest.Once.Attempt;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What agents try again is applied once, for exactly as long as it may come again. */
class AttemptAnswersTest {
    private final Replica replica = new Replica();

    private Answer add(String agent, long number, long settled) {
        return add(agent, number, settled, "{}");
    }

    private Answer add(String agent, long number, long settled, String config) {
        Command command = new Command.AddWork(
                List.of(new Command.NewWork(Optional.empty(), "train", Replica.json(config), 50, 3, 1000)));
        return replica.ask(
                new StateRequest(Optional.of(new Attempt(agent, number, settled)), OptionalLong.empty(), command));
    }

    private long work() {
        return replica.state.sizes().get("work");
    }

    @Test
    void aSecondAttemptIsAnsweredAsTheFirst() throws IOException {
        Answer first = add("a", 1, 1);
        assertThat(add("a", 1, 1).encode()).isEqualTo(first.encode());
        assertThat(work()).isEqualTo(1);
        add("b", 1, 1);
        assertThat(work()).as("another agent's numbers are others").isEqualTo(2);

        ReplicatedState restored = Replica.restored(replica.snapshot());
        assertThat(Replica.snapshot(restored)).isEqualTo(replica.snapshot());
    }

    @Test
    void whatComesAfterItsAnswerArrivedChangesNothing() {
        add("a", 1, 1);
        add("a", 2, 2);
        assertThat(code(add("a", 1, 1))).isEqualTo(Code.KEY_REUSED);
        assertThat(work()).isEqualTo(2);
    }

    @Test
    void answersAreForgottenOnceTheyArrivedAndOnlyThen() {
        int before = replica.snapshot().length;
        for (int number = 1; number <= 2_000; number++) {
            replica.ask(new StateRequest(
                    Optional.of(new Attempt("a", number, number)),
                    OptionalLong.empty(),
                    new Command.PutKey("k", Replica.NOTHING, OptionalLong.empty())));
        }
        assertThat(replica.snapshot().length - before).isLessThan(100);
    }

    @Test
    void wherePlaceRunsOutItIsStillKnownThatSomethingWasApplied() {
        String large = "{\"a\": \"" + "x".repeat(1 << 20) + "\"}";
        for (int number = 1; number <= 9; number++) {
            add("a", number, 1, large);
        }
        assertThat(work()).isEqualTo(9);
        assertThat(code(add("a", 9, 1, large))).isEqualTo(Code.FORGOTTEN);
        assertThat(work()).isEqualTo(9);
    }

    @Test
    void anAgentThatIsNotHeardOfForTenMinutesIsForgotten() {
        int before = replica.snapshot().length;
        for (int agent = 0; agent < 100; agent++) {
            replica.ask(new StateRequest(
                    Optional.of(new Attempt("agent-" + agent, 1, 1)),
                    OptionalLong.empty(),
                    new Command.PutKey("k", Replica.NOTHING, OptionalLong.empty())));
        }
        replica.pass(601);
        assertThat(replica.snapshot().length - before).isLessThan(100);
    }
}
