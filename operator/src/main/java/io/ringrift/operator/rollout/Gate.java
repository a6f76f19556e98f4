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
        /** Every agent reports the generation that it was given. */
        ACKNOWLEDGED,
        /** Every agent that has its generation reports the modes that go with it. */
        MODES,
        /** No fallback is active that the modes did not ask for. */
        NO_FALLBACK,
        /** Every agent holds the same view. */
        VIEWS_AGREE,
        /** Every agent names the same leader under the same epoch, and that epoch is none of the past. */
        ONE_LEADER,
        /** No member is held to be dead that reports itself. */
        NO_FALSE_FAILURE,
        /** Raft works wherever it is to run, and all voters name the same leader in it. */
        RAFT_AVAILABLE,
        /** Raft's group is the wanted voters, and each of them has nearly all of the log. */
        VOTERS_CAUGHT_UP,
        /** No agent finds a majority of Raft's disks gone. */
        DATA_INTACT
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
