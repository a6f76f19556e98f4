package io.ringrift.operator.rollout;

/**
 * One question that a step must answer, with the answer and its evidence.
 *
 * @param name what was asked
 * @param verdict the answer
 * @param evidence a sentence that names the nodes and values; empty when it passes
 */
public record Gate(Name name, Verdict verdict, String evidence) {

    /** The questions. */
    public enum Name {
        /** Every switched agent reports its generation and modes. */
        ACKNOWLEDGED,
        /** No fallback is active that the modes did not ask for. */
        NO_FALLBACK,
        /** Every agent holds the same view. */
        VIEWS_AGREE,
        /** Every agent names the same leader under the same epoch. */
        ONE_LEADER,
        /** No member is held to be dead that reports itself. */
        NO_FALSE_FAILURE
    }

    /** Three-valued: a missing answer is not a bad one. */
    public enum Verdict {
        PASS,
        /** Not known, or may still become good. */
        WAIT,
        FAIL
    }

    static Gate pass(Name name) {
        return new Gate(name, Verdict.PASS, "");
    }

    static Gate wait(Name name, String evidence) {
        return new Gate(name, Verdict.WAIT, evidence);
    }

    static Gate fail(Name name, String evidence) {
        return new Gate(name, Verdict.FAIL, evidence);
    }
}
