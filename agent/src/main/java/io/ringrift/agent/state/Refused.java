package io.ringrift.agent.state;

import java.util.Map;

/** Ends a command that changes nothing. Without a stack trace: it is an answer, not a fault. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Answer.Refusal answer;

    Refused(Answer.Code code, String message, Map<String, String> details) {
        super(message, null, false, false);
        this.answer = new Answer.Refusal(code, message, details);
    }

    Refused(Answer.Code code, String message) {
        this(code, message, Map.of());
    }

    Answer.Refusal answer() {
        return answer;
    }
}
