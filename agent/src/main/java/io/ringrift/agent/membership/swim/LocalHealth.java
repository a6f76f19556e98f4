package io.ringrift.agent.membership.swim;

/**
 * How much this node trusts its own ears (Lifeguard's local health). 0 is healthy; every sign that the fault may be here
 * raises the score, every answered probe lowers it, and probes become slower and more patient by it.
 *
 * <p>The ear rule stands above the score: a probe that neither its target nor any relay answered says nothing about the target, where
 * there were at least two others to ask. While that goes on for longer than a suspicion could last, this node is isolated and its view is stale. No rule can tell
 * a node whose cable is out from the last survivor of all: after a long isolation without a single packet it counts as the latter.
 */
final class LocalHealth {
    static final int WORST = 8;
    private static final long NEVER = Long.MIN_VALUE;

    /** What it means that nobody at all answered. */
    enum Silence {
        /** Blame this node, and wait. */
        PASSING,
        /** From now on this node counts as isolated. */
        ISOLATED,
        /** From now on the others count as dead. */
        LAST_SURVIVOR
    }

    private int score;
    private long deafSince = NEVER;
    private long heardAt = NEVER;
    private boolean isolated;
    private boolean lastSurvivor;

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
        lastSurvivor = false;
        return ended;
    }

    /** A packet of a member came in, whatever it says: somebody lives, so this node is not the last survivor. */
    void heard(long now) {
        heardAt = now;
    }

    /** A relay kept silent, or this node had to refute. */
    void worse() {
        score = Math.min(WORST, score + 1);
    }

    /** Nobody answered at all. */
    Silence deaf(long now, SwimSettings settings) {
        worse();
        if (deafSince == NEVER) {
            deafSince = now;
        }
        long lasting = now - deafSince;
        if (!isolated && lasting >= settings.unconfirmedWindow()) {
            isolated = true;
            return Silence.ISOLATED;
        }
        boolean alone = now - Math.max(deafSince, heardAt) >= settings.isolationLimit();
        if (!lastSurvivor && alone) {
            lastSurvivor = true;
            return Silence.LAST_SURVIVOR;
        }
        return Silence.PASSING;
    }
}
