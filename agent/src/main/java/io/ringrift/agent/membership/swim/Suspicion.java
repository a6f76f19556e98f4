package io.ringrift.agent.membership.swim;

import java.util.ArrayList;
import java.util.List;

/** One member under suspicion: since when, by whom, and whether this node saw it for itself. */
final class Suspicion {
    static final int MAX_ACCUSERS = 4;

    private final MemberRecord subject;
    private final long startedAt;
    private final List<Long> accusers = new ArrayList<>(MAX_ACCUSERS);
    private boolean own;
    private boolean held;
    private boolean refused;
    private Timers.Timer expiry;

    Suspicion(MemberRecord subject, long startedAt) {
        this.subject = subject;
        this.startedAt = startedAt;
    }

    MemberRecord subject() {
        return subject;
    }

    long startedAt() {
        return startedAt;
    }

    List<Long> accusers() {
        return accusers;
    }

    boolean own() {
        return own;
    }

    boolean held() {
        return held;
    }

    Timers.Timer expiry() {
        return expiry;
    }

    /** Returns true if the accuser is new and there was room for it. */
    boolean add(long accuser) {
        return accuser != subject.instance()
                && accusers.size() < MAX_ACCUSERS
                && !accusers.contains(accuser)
                && accusers.add(accuser);
    }

    /**
     * This node saw it for itself.
     *
     * @param connectionRefused whether its host was there and said that nobody listens any more
     */
    void saw(boolean connectionRefused) {
        own = true;
        refused |= connectionRefused;
    }

    void hold() {
        held = true;
    }

    void expiresWith(Timers.Timer timer) {
        expiry = timer;
    }

    /**
     * How long it stays open: from the unconfirmed window down to the confirmed one with the logarithm of the confirmations,
     * as in Lifeguard; further down where the process is known to be gone. Who only heard of it, or holds it back, waits the whole unconfirmed window.
     */
    long window(SwimSettings settings, int members) {
        int wanted = SwimSettings.confirmations(members);
        if (!own || held) {
            return settings.unconfirmedWindow();
        }
        int confirmed = Math.min(wanted, accusers.size() - 1);
        double share = wanted == 0 ? 1 : Math.log(confirmed + 1.0) / Math.log(wanted + 1.0);
        long shortest = refused ? settings.refusedWindow() : settings.confirmedWindow();
        long span = settings.unconfirmedWindow() - shortest;
        return settings.unconfirmedWindow() - (long) (span * share);
    }
}
