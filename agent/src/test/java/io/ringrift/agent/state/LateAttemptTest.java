package io.ringrift.agent.state;

import static io.ringrift.agent.state.Replica.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.state.Answer.Code;
import io.ringrift.agent.state.StateRequest.Once;
import io.ringrift.agent.state.StateRequest.Once.Attempt;
import io.ringrift.agent.state.StateRequest.Once.Key;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One of several attempts comes after its client was told that there is nothing to be had: had it been granted something then, nobody would have known.
 * {@code bench/run history} found a lock that was held so.
 */
class LateAttemptTest {
    private static final Command ACQUIRE = new Command.AcquireLock("l", "y", 10_000);
    private static final Command CLAIM = new Command.ClaimWork("n-1", Set.of(), 1);

    private final Replica replica = new Replica();

    static List<Once> once() {
        return List.of(new Attempt("run", 7, 3), new Key("key", false));
    }

    @ParameterizedTest
    @MethodSource("once")
    void aLockThatWasRefusedStaysRefused(Once same) {
        Answer.Held held = (Answer.Held) replica.ask(new Command.AcquireLock("l", "x", 10_000));
        assertThat(code(ask(same, ACQUIRE))).isEqualTo(Code.LOCKED);
        replica.ask(new Command.ReleaseLock("l", "x", held.lock().token()));

        assertThat(code(ask(same, ACQUIRE))).isEqualTo(Code.LOCKED);
        assertThat(replica.state.isFree("l")).isTrue();
    }

    @ParameterizedTest
    @MethodSource("once")
    void workThatWasNotThereIsNotClaimedLater(Once same) {
        assertThat(ask(same, CLAIM)).isEqualTo(new Answer.Claimed(List.of()));
        replica.add("w", 50);

        assertThat(ask(same, CLAIM)).isEqualTo(new Answer.Claimed(List.of()));
        assertThat(replica.state.hasPendingWork(Set.of())).isTrue();
    }

    @Test
    void whoWaitsUnderAKeyIsGrantedWhatComesOnceAndHearsTheSameAgain() {
        Once same = new Key("key", true);
        assertThat(ask(same, CLAIM)).isEqualTo(new Answer.Claimed(List.of()));
        replica.add("w", 50);
        replica.add("v", 50);

        Answer claimed = ask(same, CLAIM);
        assertThat(((Answer.Claimed) claimed).items()).hasSize(1);
        assertThat(ask(same, CLAIM).encode()).isEqualTo(claimed.encode());
        assertThat(replica.state.hasPendingWork(Set.of())).as("the other one").isTrue();
    }

    @Test
    void whoWaitedInVainUnderAKeyIsGrantedNothingByAnAttemptThatComesLate() {
        Key waits = new Key("key", true);
        assertThat(ask(waits, CLAIM)).isEqualTo(new Answer.Claimed(List.of()));
        assertThat(ask(waits.withoutWaiting(), CLAIM)).isEqualTo(new Answer.Claimed(List.of()));
        replica.add("w", 50);

        assertThat(ask(waits, CLAIM)).isEqualTo(new Answer.Claimed(List.of()));
        assertThat(replica.state.hasPendingWork(Set.of())).isTrue();
    }

    @Test
    void aKeyIsOneWhetherItsRequestWaitsOrNot() {
        replica.add("w", 50);
        replica.add("v", 50);
        Answer claimed = ask(new Key("key", true), CLAIM);

        assertThat(ask(new Key("key", false), CLAIM).encode()).isEqualTo(claimed.encode());
        assertThat(code(ask(new Key("key", false), ACQUIRE))).isEqualTo(Code.KEY_REUSED);
        assertThat(replica.state.hasPendingWork(Set.of())).as("the other one").isTrue();
    }

    @Test
    void aKeyReadsTheSameOnTheLog() throws Exception {
        for (Once once : List.of(new Key("a", true), new Key("a", false), new Attempt("b", 1, 1))) {
            StateRequest request = new StateRequest(Optional.of(once), OptionalLong.empty(), CLAIM);
            assertThat(StateRequest.decode(request.encode())).isEqualTo(request);
        }
    }

    private Answer ask(Once once, Command command) {
        return replica.ask(new StateRequest(Optional.of(once), OptionalLong.empty(), command));
    }
}
