package io.ringrift.agent.history;

import io.ringrift.agent.history.WorkModel.Input;
import io.ringrift.agent.history.WorkModel.Output;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A piece of work: added once, claimed by one claimant an attempt, started and completed once by whoever claimed it last, and never gone. */
final class WorkModel implements Model<WorkModel.State, Input, Output> {
    /** The agents count by their wall clocks, in milliseconds. */
    private static final long TOLERANCE = Duration.ofMillis(100).toNanos();

    private final long timeout;

    /** @param timeout after which a claim goes back */
    WorkModel(Duration timeout) {
        this.timeout = timeout.toNanos();
    }

    enum Status {
        ABSENT,
        PENDING,
        CLAIMED,
        RUNNING,
        COMPLETED
    }

    /** @param notBefore a claim cannot have timed out earlier */
    record State(Status status, int attempts, String claimant, long notBefore) {}

    sealed interface Input {
        String id();

        record Add(String id) implements Input {}

        /** A claim that got this piece, or of which nobody knows whether it did. */
        record Claim(String id, String claimant) implements Input {}

        record Start(String id, String claimant) implements Input {}

        record Complete(String id, String claimant) implements Input {}

        record Look(String id) implements Input {}
    }

    sealed interface Output {
        record Done() implements Output {}

        record Claimed(int attempt) implements Output {}

        /** Not the claimant, or in another state. */
        record Refused() implements Output {}

        record Seen(Status status, int attempts) implements Output {}
    }

    @Override
    public State initial() {
        return new State(Status.ABSENT, 0, "", 0);
    }

    @Override
    public Object partition(Input input) {
        return input.id();
    }

    @Override
    public List<State> after(State before, Operation<Input, Output> operation) {
        boolean held = before.status == Status.CLAIMED || before.status == Status.RUNNING;
        boolean timedOut = held && operation.end() >= before.notBefore;
        List<State> after = next(before, operation);
        if (!timedOut) {
            return after;
        }
        List<State> released = next(new State(Status.PENDING, before.attempts, "", 0), operation);
        return after.isEmpty() ? released : released.isEmpty() ? after : List.of(after.getFirst(), released.getFirst());
    }

    private List<State> next(State before, Operation<Input, Output> operation) {
        return switch (operation.input()) {
            case Input.Add _ -> {
                boolean absent = before.status == Status.ABSENT;
                State added = absent ? new State(Status.PENDING, 0, "", 0) : before;
                yield told(operation, absent ? new Output.Done() : new Output.Refused(), added);
            }
            case Input.Claim(String _, String claimant) -> {
                boolean pending = before.status == Status.PENDING;
                int attempt = before.attempts + 1;
                State claimed = new State(Status.CLAIMED, attempt, claimant, operation.call() + timeout - TOLERANCE);
                // A claim takes what is pending and nothing else; one that nobody knows of may have taken this or not.
                yield pending
                        ? told(operation, new Output.Claimed(attempt), claimed)
                        : operation.output().isEmpty() ? List.of(before) : List.of();
            }
            case Input.Start(String _, String claimant) -> {
                boolean holds = before.status == Status.CLAIMED && before.claimant.equals(claimant);
                State running =
                        new State(Status.RUNNING, before.attempts, claimant, operation.call() + timeout - TOLERANCE);
                yield told(operation, holds ? new Output.Done() : new Output.Refused(), holds ? running : before);
            }
            case Input.Complete(String _, String claimant) -> {
                boolean holds = before.status == Status.RUNNING && before.claimant.equals(claimant);
                State completed = new State(Status.COMPLETED, before.attempts, claimant, 0);
                yield told(operation, holds ? new Output.Done() : new Output.Refused(), holds ? completed : before);
            }
            case Input.Look _ -> told(operation, new Output.Seen(before.status, before.attempts), before);
        };
    }

    private static List<State> told(Operation<Input, Output> operation, Output answer, State after) {
        Optional<Output> told = operation.output();
        return told.isEmpty() || told.get().equals(answer) ? List.of(after) : List.of();
    }
}
