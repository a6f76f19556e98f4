package io.ringrift.agent.history;

import io.ringrift.agent.history.LockModel.Input;
import io.ringrift.agent.history.LockModel.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A lock with a fencing token: one owner at a time, each under a higher token, until it is released or its time has run out. */
final class LockModel implements Model<LockModel.State, Input, Output> {
    /** The agents count by their wall clocks, in milliseconds. */
    private static final long TOLERANCE = Duration.ofMillis(100).toNanos();

    private final long timeToLive;

    LockModel(Duration timeToLive) {
        this.timeToLive = timeToLive.toNanos();
    }

    /**
     * @param held by whom, if anybody
     * @param lastToken the highest that was given
     */
    record State(Optional<Held> held, long lastToken) {}

    /**
     * @param token empty where its owner was never told
     * @param notBefore its time cannot have run out earlier
     * @param notAfter its time has surely run out later
     */
    record Held(String owner, Optional<Long> token, long notBefore, long notAfter) {}

    sealed interface Input {
        String name();

        record Acquire(String name, String owner) implements Input {}

        record Release(String name, String owner, long token) implements Input {}
    }

    sealed interface Output {
        record Granted(long token) implements Output {}

        /** Another owner holds it. */
        record Refused() implements Output {}

        record Released() implements Output {}

        record NotOwner() implements Output {}
    }

    @Override
    public State initial() {
        return new State(Optional.empty(), 0);
    }

    @Override
    public Object partition(Input input) {
        return input.name();
    }

    @Override
    public List<State> after(State before, Operation<Input, Output> operation) {
        boolean mayHaveRunOut =
                before.held.filter(held -> operation.end() >= held.notBefore).isPresent();
        boolean mayBeHeld =
                before.held.filter(held -> operation.call() <= held.notAfter).isPresent();
        List<State> after = new ArrayList<>();
        if (mayBeHeld) {
            after.addAll(whileHeld(before, before.held.get(), operation));
        }
        if (before.held.isEmpty() || mayHaveRunOut) {
            after.addAll(whileFree(before.lastToken, operation));
        }
        return after;
    }

    private List<State> whileFree(long lastToken, Operation<Input, Output> operation) {
        return switch (operation.input()) {
            case Input.Acquire(String _, String owner) -> granted(operation, owner, lastToken);
            case Input.Release _ ->
                fits(operation, new Output.NotOwner()) ? List.of(new State(Optional.empty(), lastToken)) : List.of();
        };
    }

    private List<State> granted(Operation<Input, Output> operation, String owner, long lastToken) {
        if (operation.output().isEmpty()) {
            return List.of(new State(Optional.of(held(operation, owner, Optional.empty())), lastToken));
        }
        return operation.output().get() instanceof Output.Granted(long token) && token > lastToken
                ? List.of(new State(Optional.of(held(operation, owner, Optional.of(token))), token))
                : List.of();
    }

    private List<State> whileHeld(State before, Held held, Operation<Input, Output> operation) {
        return switch (operation.input()) {
            case Input.Acquire(String _, String owner) ->
                owner.equals(held.owner)
                        ? again(before, held, operation)
                        : fits(operation, new Output.Refused()) ? List.of(before) : List.of();
            case Input.Release(String _, String owner, long token) -> {
                boolean owns = owner.equals(held.owner)
                        && held.token.map(known -> known == token).orElse(token > before.lastToken);
                Output answer = owns ? new Output.Released() : new Output.NotOwner();
                State after = owns ? new State(Optional.empty(), Math.max(before.lastToken, token)) : before;
                yield fits(operation, answer) ? List.of(after) : List.of();
            }
        };
    }

    /** Its owner has it for the whole time again, under the same token. */
    private List<State> again(State before, Held held, Operation<Input, Output> operation) {
        if (operation.output().isEmpty()) {
            return List.of(new State(Optional.of(held(operation, held.owner, held.token)), before.lastToken));
        }
        boolean same = operation.output().get() instanceof Output.Granted(long token)
                && held.token.map(known -> known == token).orElse(token > before.lastToken);
        if (!same) {
            return List.of();
        }
        long token = ((Output.Granted) operation.output().get()).token;
        return List.of(new State(
                Optional.of(held(operation, held.owner, Optional.of(token))), Math.max(before.lastToken, token)));
    }

    private Held held(Operation<Input, Output> operation, String owner, Optional<Long> token) {
        long latest = operation.end() == Long.MAX_VALUE ? Long.MAX_VALUE : operation.end() + timeToLive + TOLERANCE;
        return new Held(owner, token, operation.call() + timeToLive - TOLERANCE, latest);
    }

    private static boolean fits(Operation<Input, Output> operation, Output answer) {
        return operation.output().filter(told -> !told.equals(answer)).isEmpty();
    }
}
