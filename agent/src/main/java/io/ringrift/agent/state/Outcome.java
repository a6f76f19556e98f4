package io.ringrift.agent.state;

import io.ringrift.agent.state.StateLogException.Kind;

/** What became of one request on its way into the log. */
public sealed interface Outcome {
    /** It was applied. @param answer an encoded {@link Answer} */
    record Answered(byte[] answer) implements Outcome {}

    /** @param kind also says whether it may have been applied */
    record Failed(Kind kind, String message) implements Outcome {
        /** The same as an exception. */
        public StateLogException exception() {
            return new StateLogException(kind, message);
        }
    }
}
