package io.ringrift.agent.history;

import java.util.List;

/** What a system that does one thing after the other would do. States are values. */
interface Model<S, I, O> {
    S initial();

    /** What an operation concerns; operations on different things cannot disagree. */
    Object partition(I input);

    /** The states in which the operation can leave {@code before}, with the answer that it got; none where it could not get that answer. */
    List<S> after(S before, Operation<I, O> operation);
}
