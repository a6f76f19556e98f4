package io.ringrift.agent.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a leader proposes by itself. */
class HousekeepingTest {
    private final Replica replica = new Replica();

    private Optional<Command> next(Set<String> gone, Set<String> living) {
        Optional<Command> next = Housekeeping.next(replica.state, gone, living, replica.now);
        next.ifPresent(replica::ask);
        return next;
    }

    private boolean orphaned() {
        return ((Answer.Jobs) replica.ask(new Command.ListJobs(Optional.empty(), Optional.empty(), 10)))
                .jobs()
                .getFirst()
                .orphaned();
    }

    @Test
    void workOfTheDeadGoesBackAndTheirJobsAreReported() {
        replica.add("a", 50);
        replica.claim("n2", 1);
        replica.ask(new Command.AssignJob("j", "n2", Replica.json("{}")));
        assertThat(next(Set.of(), Set.of("n1", "n2"))).isEmpty();

        assertThat(next(Set.of("n2"), Set.of("n1"))).contains(new Command.NodesDown(Set.of("n2")));
        assertThat(replica.work("a").status()).isEqualTo(WorkItem.Status.PENDING);
        assertThat(orphaned()).isTrue();
        assertThat(next(Set.of("n2"), Set.of("n1"))).as("said once").isEmpty();

        // Membership forgets the dead after a while; the job is as orphaned as before.
        assertThat(next(Set.of(), Set.of("n1"))).isEmpty();
        assertThat(orphaned()).isTrue();

        assertThat(next(Set.of(), Set.of("n1", "n2"))).contains(new Command.NodesDown(Set.of()));
        assertThat(orphaned()).isFalse();
    }

    @Test
    void whatOneThatIsHeldForDeadClaimsGoesBackToo() {
        next(Set.of("n2"), Set.of("n1"));
        replica.add("a", 50);
        replica.claim("n2", 1);
        assertThat(next(Set.of("n2"), Set.of("n1"))).isPresent();
        assertThat(replica.work("a").status()).isEqualTo(WorkItem.Status.PENDING);
    }

    @Test
    void whatRunsOutEndsThoughNobodyAsksForAnything() {
        replica.ask(new Command.AcquireLock("l", "o", 5_000));
        assertThat(next(Set.of(), Set.of())).isEmpty();
        replica.now += 5_000;
        assertThat(next(Set.of(), Set.of())).contains(new Command.Tick());
        assertThat(replica.state.isFree("l")).isTrue();
        assertThat(next(Set.of(), Set.of())).isEmpty();
    }

    @Test
    void everyNodeLearnsTheTimeThoughNobodyAsksForAnything() {
        replica.ask(new Command.Tick());
        replica.now += 29_000;
        assertThat(next(Set.of(), Set.of())).isEmpty();
        replica.now += 1_000;
        assertThat(next(Set.of(), Set.of())).contains(new Command.Tick());
        assertThat(next(Set.of(), Set.of())).isEmpty();
    }
}
