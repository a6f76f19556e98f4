package io.ringrift.agent.membership.swim;

import java.util.ArrayList;
import java.util.List;

/**
 * How long the dead are remembered: {@link #COUNTED} in the view and its hash, as long again in silence, so that a node that
 * forgets one earlier is not taught it anew by a node that forgets it later.
 */
final class Tombstones {
    private static final long HOUR = 3_600_000_000_000L;
    static final long COUNTED = 12 * HOUR;
    static final long KEPT = 24 * HOUR;
    private static final long SWEEP = 60_000_000_000L;

    private final Timers timers;
    private final MemberTable table;
    private final Prober prober;

    Tombstones(Timers timers, MemberTable table, Prober prober) {
        this.timers = timers;
        this.table = table;
        this.prober = prober;
    }

    void start() {
        timers.in(SWEEP, this::sweep);
    }

    private void sweep() {
        List<Long> forgotten = new ArrayList<>();
        for (int at = 0; at < table.size(); at++) {
            long age = table.isLive(at) ? 0 : timers.wall() - table.since(at);
            if (age >= KEPT) {
                forgotten.add(table.record(at).instance());
            } else if (age >= COUNTED && !table.isAged(at)) {
                table.age(at);
            }
        }
        forgotten.forEach(instance -> table.remove(table.find(instance)));
        prober.forgetGone();
        timers.in(SWEEP, this::sweep);
    }
}
