package io.ringrift.agent.runtime;

/** Something answered at a peer's address, and not with a message. */
final class PeerRefusal extends Exception {
    private static final int MOST_CHARACTERS = 200;

    private final int status;

    /** @param sentence what the other side says; whoever sits there chose it */
    PeerRefusal(int status, String sentence) {
        super(
                "HTTP status " + status + ", " + sentence.substring(0, Math.min(sentence.length(), MOST_CHARACTERS)),
                null,
                false,
                false);
        this.status = status;
    }

    /** It may take the same message later: it starts, stops or has too much to do. */
    boolean passes() {
        return status >= 500;
    }
}
