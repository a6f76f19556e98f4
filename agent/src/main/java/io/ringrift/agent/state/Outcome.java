package io.ringrift.agent.state;

import io.ringrift.agent.state.StateLogException.Kind;

/** What became of one request on its way into the log. */
public sealed interface Outcome {
    /** It was applied. @param answer an encoded {@link Answer} */
    record Answered(byte[] answer) implements Outcome {}

    /** @param kind also says whether it may have been applied */
    record Failed(Kind kind, String message) implements Outcome {
        /** What a failure says; one that is not of the log says nothing about what became of the request. */
        public static Failed of(Throwable failure) {
            return failure instanceof StateLogException known
                    ? new Failed(known.kind(), known.getMessage())
                    : new Failed(Kind.OUTCOME_UNKNOWN, "The leader failed to answer: " + failure);
        }

        /** The same as an exception. */
        public StateLogException exception() {
            return new StateLogException(kind, message);
        }
    }
}
