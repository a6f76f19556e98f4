package io.ringrift.agent.history;

import java.util.Optional;

/**
 * Something that a client asked for.
 *
 * @param output what it was told; empty where it never learned whether it was done, so that it may have been done at any time since, or never
 * @param call when it was sent first, in nanoseconds of the recorder's clock
 * @param end when the answer came; for what is unknown {@link Long#MAX_VALUE}
 */
record Operation<I, O>(String client, I input, Optional<O> output, long call, long end) {

    static <I, O> Operation<I, O> answered(String client, I input, O output, long call, long end) {
        return new Operation<>(client, input, Optional.of(output), call, end);
    }

    static <I, O> Operation<I, O> unknown(String client, I input, long call) {
        return new Operation<>(client, input, Optional.empty(), call, Long.MAX_VALUE);
    }
}
