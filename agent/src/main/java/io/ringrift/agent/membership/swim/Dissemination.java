package io.ringrift.agent.membership.swim;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Spreads news: on every packet that goes out anyway, and in rounds of gossip while there is any. A quiet cluster gossips nothing.
 */
final class Dissemination {
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final Supplier<SwimSettings> settings;
    private final Timers timers;
    private final MemberTable table;
    private final Outbox outbox;
    private final UpdateQueue queue;
    private final RandomGenerator random;
    private long lastRound = NEVER;
    private boolean scheduled;

    Dissemination(
            Supplier<SwimSettings> settings,
            Timers timers,
            MemberTable table,
            Outbox outbox,
            UpdateQueue queue,
            RandomGenerator random) {
        this.settings = settings;
        this.timers = timers;
        this.table = table;
        this.outbox = outbox;
        this.queue = queue;
        this.random = random;
    }

    /** Passes news on that somebody else began. */
    void spread(Update update) {
        if (table.live() == 0) {
            return;
        }
        queue.add(update, settings.get().transmissions(table.live() + 1));
        if (!scheduled) {
            schedule(lastRound + settings.get().gossipInterval() - timers.now());
        }
    }

    /** Begins news of this node's own making: in a small cluster everybody is told at once, so that no last one lags. */
    void announce(Update update) {
        spread(update);
        if (table.live() <= SwimSettings.SMALL_CLUSTER) {
            for (int at = 0; at < table.size(); at++) {
                if (table.isLive(at)) {
                    outbox.tell(table.record(at), update);
                }
            }
        }
    }

    private void schedule(long delay) {
        scheduled = true;
        timers.in(delay, this::round);
    }

    private void round() {
        scheduled = false;
        lastRound = timers.now();
        for (int at : table.pick(SwimSettings.FANOUT, random, table::isLive)) {
            outbox.gossip(at);
        }
        if (table.live() == 0) {
            // Nobody to tell. Whoever comes back learns of it by the exchange of views.
            queue.clear();
        } else if (!queue.isEmpty()) {
            schedule(settings.get().gossipInterval());
        }
    }
}
