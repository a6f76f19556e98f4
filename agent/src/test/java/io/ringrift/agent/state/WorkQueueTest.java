package io.ringrift.agent.state;

import static io.ringrift.agent.state.Replica.NOTHING;
import static io.ringrift.agent.state.Replica.code;
import static io.ringrift.agent.state.Replica.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.state.Answer.Code;
import io.ringrift.agent.state.WorkItem.Status;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
    private final Replica replica = new Replica();

    @Test
    void highestPriorityIsClaimedFirstAndThenWhatCameFirst() {
        replica.add("a", 50);
        replica.add("b", 70);
        replica.add("c", 50);

        assertThat(replica.claim("n1", 2)).containsExactly("b", "a");
        assertThat(replica.claim("n2", 5)).containsExactly("c");
        assertThat(replica.claim("n2", 5)).isEmpty();
    }

    @Test
    void onlyTheWantedTypesAreClaimed() {
        replica.add(new Command.NewWork(Optional.of("t"), "train", json("{}"), 90, 3, 1000));
        replica.add(new Command.NewWork(Optional.of("e"), "evaluate", json("{}"), 10, 3, 1000));

        Answer claimed = replica.ask(new Command.ClaimWork("n1", Set.of("evaluate", "unknown"), 5));

        assertThat(((Answer.Claimed) claimed).items()).extracting(WorkItem::id).containsExactly("e");
    }

    @Test
    void goesFromPendingToCompletedInTheHandsOfItsClaimantAlone() {
        replica.add("a", 50);
        assertThat(code(replica.ask(new Command.StartWork("a", "n1")))).isEqualTo(Code.WRONG_STATE);
        replica.claim("n1", 1);
        assertThat(code(replica.ask(new Command.StartWork("a", "n2")))).isEqualTo(Code.NOT_CLAIMANT);
        assertThat(code(replica.ask(new Command.CompleteWork("a", "n1", NOTHING))))
                .isEqualTo(Code.WRONG_STATE);
        replica.ask(new Command.StartWork("a", "n1"));
        assertThat(code(replica.ask(new Command.FailWork("a", "n2", NOTHING)))).isEqualTo(Code.NOT_CLAIMANT);

        replica.ask(new Command.CompleteWork("a", "n1", json("{\"loss\":1}")));

        assertThat(replica.work("a").status()).isEqualTo(Status.COMPLETED);
        assertThat(replica.work("a").outcome()).isEqualTo(json("{\"loss\":1}"));
        assertThat(code(replica.ask(new Command.CompleteWork("a", "n1", NOTHING))))
                .isEqualTo(Code.WRONG_STATE);
        assertThat(code(replica.ask(new Command.GetWork("b")))).isEqualTo(Code.NOT_FOUND);
    }

    @Test
    void whatFailsIsTriedAgainUntilItsAttemptsAreUsedUp() {
        replica.add("a", 50);
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(replica.claim("n1", 1)).containsExactly("a");
            replica.ask(new Command.FailWork("a", "n1", json("\"no memory\"")));
            assertThat(replica.work("a").attempts()).isEqualTo(attempt);
        }

        assertThat(replica.work("a").status()).isEqualTo(Status.FAILED);
        assertThat(replica.work("a").outcome()).isEqualTo(json("\"no memory\""));
        assertThat(replica.claim("n1", 1)).isEmpty();
    }

    @Test
    void aClaimThatTimesOutGoesBackAndStartingGivesTheWholeTimeAgain() {
        replica.add("a", 50);
        replica.claim("n1", 1);
        replica.pass(3_000);
        replica.ask(new Command.StartWork("a", "n1"));
        replica.pass(3_599);
        assertThat(replica.work("a").status()).isEqualTo(Status.RUNNING);
        assertThat(replica.state.nextDeadlineMillis()).hasValue(replica.now + 1_000);

        replica.pass(1);

        assertThat(replica.work("a").status()).isEqualTo(Status.PENDING);
        assertThat(replica.state.hasPendingWork(Set.of("train"))).isTrue();
        assertThat(code(replica.ask(new Command.CompleteWork("a", "n1", NOTHING))))
                .isEqualTo(Code.WRONG_STATE);
    }

    @Test
    void whatADeadNodeHoldsGoesBackAndOthersKeepTheirs() {
        replica.add("a", 50);
        replica.add("b", 50);
        replica.claim("n1", 1);
        replica.claim("n2", 1);

        replica.ask(new Command.NodesDown(Set.of("n1", "n3")));

        assertThat(replica.work("a").status()).isEqualTo(Status.PENDING);
        assertThat(replica.work("b").status()).isEqualTo(Status.CLAIMED);
        assertThat(replica.state.nodesDown()).containsExactly("n1", "n3");
    }

    @Test
    void addsAllOrNothing() {
        replica.add("a", 50);
        var again = new Command.NewWork(Optional.of("a"), "train", json("{}"), 50, 3, 1000);
        var other = new Command.NewWork(Optional.of("b"), "train", json("{}"), 50, 3, 1000);

        assertThat(code(replica.ask(new Command.AddWork(List.of(other, again)))))
                .isEqualTo(Code.ALREADY_EXISTS);
        assertThat(code(replica.ask(new Command.AddWork(List.of(other, other)))))
                .isEqualTo(Code.ALREADY_EXISTS);
        assertThat(code(replica.ask(new Command.GetWork("b")))).isEqualTo(Code.NOT_FOUND);
    }

    @Test
    void makesUpIdsThatNobodyHas() {
        var nameless = new Command.NewWork(Optional.empty(), "train", json("{}"), 50, 3, 1000);
        replica.add("work-2", 50);

        assertThat(replica.add(nameless).id()).isEqualTo("work-2-1");
        assertThat(replica.add(nameless).id()).isEqualTo("work-3");
    }

    @Test
    void finishedWorkIsForgottenAfterADay() {
        replica.add("a", 50);
        replica.claim("n1", 1);
        replica.ask(new Command.StartWork("a", "n1"));
        replica.ask(new Command.CompleteWork("a", "n1", NOTHING));
        replica.pass(86_399);
        assertThat(replica.work("a").status()).isEqualTo(Status.COMPLETED);

        replica.pass(1);

        assertThat(code(replica.ask(new Command.GetWork("a")))).isEqualTo(Code.NOT_FOUND);
        assertThat(replica.state.sizes()).containsEntry("bytes", 0L);
    }

    @Test
    void listsByStatusAndNodePageByPage() {
        for (String id : List.of("a", "b", "c", "d")) {
            replica.add(id, 50);
        }
        replica.claim("n1", 2);

        assertThat(page(Optional.of(Status.CLAIMED), Optional.of("n1"), Optional.empty(), 1))
                .isEqualTo("a more");
        assertThat(page(Optional.of(Status.CLAIMED), Optional.of("n1"), Optional.of("a"), 1))
                .isEqualTo("b");
        assertThat(page(Optional.of(Status.PENDING), Optional.empty(), Optional.empty(), 9))
                .isEqualTo("c d");
        assertThat(((Answer.WorkCounts) replica.ask(new Command.CountWork())).counts())
                .containsExactly(2L, 2L, 0L, 0L, 0L);
    }

    private String page(Optional<Status> status, Optional<String> node, Optional<String> after, int limit) {
        var page = (Answer.WorkPage) replica.ask(new Command.ListWork(status, node, after, limit));
        return String.join(" ", page.items().stream().map(WorkItem::id).toList()) + (page.more() ? " more" : "");
    }
}
