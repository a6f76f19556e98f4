package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.MemberState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Finds the cluster and, after a partition, the rest of it. Until a first seed answers, a handful of seeds are asked in every interval; after that one contact
 * every lazarus interval goes to a member held FAILED or to a seed that is no live member. One that answers is enough: the views differ, and the exchange does the rest.
 */
final class Bootstrap {
    private final Supplier<SwimSettings> settings;
    private final Timers timers;
    private final MemberTable table;
    private final LocalMember self;
    private final Outbox outbox;
    private final Numbers numbers;
    private final RandomGenerator random;
    private List<Endpoint> seeds = List.of();
    private boolean joined;
    private boolean joining;

    Bootstrap(
            Supplier<SwimSettings> settings,
            Timers timers,
            MemberTable table,
            LocalMember self,
            Outbox outbox,
            Numbers numbers,
            RandomGenerator random) {
        this.settings = settings;
        this.timers = timers;
        this.table = table;
        this.self = self;
        this.outbox = outbox;
        this.numbers = numbers;
        this.random = random;
    }

    void start() {
        timers.in(random.nextLong(settings.get().lazarusInterval()), this::lazarus);
    }

    /** Whether any member was heard since the start. */
    boolean joined() {
        return joined;
    }

    void join(List<Endpoint> addresses) {
        seeds = List.copyOf(addresses);
        if (!joined && !joining && !seeds.isEmpty()) {
            joining = true;
            attempt();
        }
    }

    /** A member answered. */
    void heard() {
        joined = true;
    }

    private void attempt() {
        if (joined || self.leaving()) {
            joining = false;
            return;
        }
        List<Endpoint> shuffled = new ArrayList<>(seeds);
        int handful = Math.min(shuffled.size(), 34 - Integer.numberOfLeadingZeros(shuffled.size()));
        for (int i = 0; i < handful; i++) {
            int other = i + random.nextInt(shuffled.size() - i);
            Endpoint chosen = shuffled.get(other);
            shuffled.set(other, shuffled.get(i));
            contact(chosen);
        }
        timers.in(settings.get().interval(), this::attempt);
    }

    private void lazarus() {
        if (self.leaving()) {
            return;
        }
        boolean seedFirst = random.nextBoolean();
        if (seedFirst) {
            strangeSeed().ifPresentOrElse(this::contact, this::raise);
        } else if (table.count(MemberState.FAILED) > 0) {
            raise();
        } else {
            strangeSeed().ifPresent(this::contact);
        }
        timers.in(settings.get().lazarusInterval(), this::lazarus);
    }

    /** Pings a member held FAILED; the packet says so, and if it lives it refutes. */
    private void raise() {
        if (table.count(MemberState.FAILED) > 0) {
            for (int at : table.pick(1, random, i -> table.state(i) == MemberState.FAILED)) {
                outbox.send(table.record(at), new Message.Ping(numbers.next()));
            }
        }
    }

    /** A seed at whose address no live member is known. */
    private Optional<Endpoint> strangeSeed() {
        List<Endpoint> strange = new ArrayList<>(seeds);
        strange.remove(self.record().endpoint());
        for (int at = 0; at < table.size() && !strange.isEmpty(); at++) {
            if (table.isLive(at)) {
                strange.remove(table.record(at).endpoint());
            }
        }
        return strange.isEmpty() ? Optional.empty() : Optional.of(strange.get(random.nextInt(strange.size())));
    }

    private void contact(Endpoint seed) {
        outbox.sendBare(seed, 0, new Message.Join(self.record()));
    }
}
