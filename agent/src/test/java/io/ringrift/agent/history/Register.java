package io.ringrift.agent.history;

import io.ringrift.agent.history.Register.Input;
import io.ringrift.agent.history.Register.Output;
import java.util.List;
import java.util.OptionalLong;

/** A key with a version, as the key-value part promises it: every write raises the version by one, a conditional one only where the version fits. */
final class Register implements Model<Register.State, Input, Output> {

    /** @param version 0 where the key does not exist */
    record State(String value, long version) {}

    sealed interface Input {
        String key();

        record Put(String key, String value, OptionalLong ifVersion) implements Input {}

        record Get(String key) implements Input {}
    }

    sealed interface Output {
        record Written(long version) implements Output {}

        record Conflict(long present) implements Output {}

        record Found(String value, long version) implements Output {}

        record Absent() implements Output {}
    }

    @Override
    public State initial() {
        return new State("", 0);
    }

    @Override
    public Object partition(Input input) {
        return input.key();
    }

    @Override
    public List<State> after(State before, Operation<Input, Output> operation) {
        State after = before;
        Output answer;
        switch (operation.input()) {
            case Input.Get _ ->
                answer = before.version == 0 ? new Output.Absent() : new Output.Found(before.value, before.version);
            case Input.Put(String _, String value, OptionalLong ifVersion) -> {
                if (ifVersion.isPresent() && ifVersion.getAsLong() != before.version) {
                    answer = new Output.Conflict(before.version);
                } else {
                    after = new State(value, before.version + 1);
                    answer = new Output.Written(after.version);
                }
            }
        }
        return operation.output().filter(told -> !told.equals(answer)).isPresent() ? List.of() : List.of(after);
    }
}
