package io.ringrift.agent.membership.swim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Says goodbye: tells a few members, again and again, until enough of them acknowledged it or its time is over. */
final class Farewell {
    private static final int ENOUGH = 3;
    private static final int TOLD_AT_ONCE = 8;

    private final Supplier<SwimSettings> settings;
    private final Timers timers;
    private final MemberTable table;
    private final LocalMember self;
    private final Outbox outbox;
    private final RandomGenerator random;
    private final Set<Long> acknowledged = new HashSet<>();
    private int wanted;
    private long deadline;
    private boolean done;

    Farewell(
            Supplier<SwimSettings> settings,
            Timers timers,
            MemberTable table,
            LocalMember self,
            Outbox outbox,
            RandomGenerator random) {
        this.settings = settings;
        this.timers = timers;
        this.table = table;
        this.self = self;
        this.outbox = outbox;
        this.random = random;
    }

    void begin() {
        self.leave();
        wanted = Math.min(ENOUGH, table.live());
        deadline = timers.now() + settings.get().leaveTimeout();
        round(table.live() <= SwimSettings.SMALL_CLUSTER ? table.live() : TOLD_AT_ONCE);
    }

    void acked(long from) {
        if (self.leaving()
                && !done
                && table.find(from) >= 0
                && acknowledged.add(from)
                && acknowledged.size() >= wanted) {
            complete();
        }
    }

    private void round(int audience) {
        if (done) {
            return;
        }
        if (wanted == 0 || timers.now() >= deadline) {
            complete();
            return;
        }
        Update goodbye = new Update.Left(self.instance(), self.record().incarnation());
        List<Integer> chosen = new ArrayList<>(table.pick(
                audience,
                random,
                i -> table.isLive(i) && !acknowledged.contains(table.record(i).instance())));
        chosen.forEach(at -> outbox.tell(table.record(at), goodbye));
        timers.in(settings.get().leaveTimeout() / 5, () -> round(TOLD_AT_ONCE));
    }

    private void complete() {
        done = true;
        outbox.add(new SwimEffect.LeaveCompleted(acknowledged.size()));
    }
}
