package io.ringrift.agent.membership.swim;

/**
 * How much this node trusts its own ears (Lifeguard's local health). 0 is healthy; every sign that the fault may be here
 * raises the score, every answered probe lowers it, and probes become slower and more patient by it.
 *
 * <p>The ear rule stands above the score: a probe that neither its target nor any of at least two relays answered says nothing about
 * the target. While that goes on for longer than a suspicion could last, this node is isolated and its view is stale.
 */
final class LocalHealth {
    static final int WORST = 8;
    private static final long NEVER = Long.MIN_VALUE;

    private int score;
    private long deafSince = NEVER;
    private boolean isolated;

    /** Factor for intervals and timeouts, 1 when healthy. */
    int multiplier() {
        return score + 1;
    }

    int score() {
        return score;
    }

    boolean isolated() {
        return isolated;
    }

    /** Somebody answered. Returns true when that ends an isolation. */
    boolean answered() {
        score = Math.max(0, score - 1);
        deafSince = NEVER;
        boolean ended = isolated;
        isolated = false;
        return ended;
    }

    /** A relay kept silent, or this node had to refute. */
    void worse() {
        score = Math.min(WORST, score + 1);
    }

    /** Nobody answered at all. Returns true when that begins an isolation. */
    boolean deaf(long now, long patience) {
        worse();
        if (deafSince == NEVER) {
            deafSince = now;
        }
        boolean begins = !isolated && now - deafSince >= patience;
        isolated |= begins;
        return begins;
    }
}
