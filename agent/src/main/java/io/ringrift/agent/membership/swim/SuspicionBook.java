package io.ringrift.agent.membership.swim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The open suspicions and their windows. Only a window that closes makes a member FAILED. When a great part of the cluster
 * is suspected at once, every window gets its full length: a partition heals more often than half a cluster dies together.
 */
final class SuspicionBook {
    /** From so many suspicions on, and so great a share of the members, a partition is assumed. */
    private static final int MASS = 5;

    private static final double MASS_SHARE = 0.3;

    private final Supplier<SwimSettings> settings;
    private final Timers timers;
    private final MemberTable table;
    private final Outbox outbox;
    private final WhyBook why;
    private final LocalMember self;
    private final Map<Long, Suspicion> open = new HashMap<>();
    private Consumer<Suspicion> whenClosed = _ -> {};
    private boolean massSuspicion;

    SuspicionBook(
            Supplier<SwimSettings> settings,
            Timers timers,
            MemberTable table,
            Outbox outbox,
            WhyBook why,
            LocalMember self) {
        this.settings = settings;
        this.timers = timers;
        this.table = table;
        this.outbox = outbox;
        this.why = why;
        this.self = self;
    }

    /** Who declares a member FAILED when its window closes. */
    void whenClosed(Consumer<Suspicion> handler) {
        whenClosed = handler;
    }

    Optional<Suspicion> of(long instance) {
        return Optional.ofNullable(open.get(instance));
    }

    /** Opens a suspicion, or starts it anew for a higher incarnation. */
    void open(MemberRecord subject, List<Long> accusers) {
        cancel(subject.instance());
        Suspicion suspicion = new Suspicion(subject, timers.now());
        accusers.forEach(suspicion::add);
        open.put(subject.instance(), suspicion);
        arm(suspicion);
    }

    /** This node saw it for itself, and perhaps that its host refuses connections to it. */
    void saw(long instance, boolean refused) {
        Suspicion suspicion = open.get(instance);
        if (suspicion != null) {
            suspicion.saw(refused);
            suspicion.add(self.instance());
            arm(suspicion);
        }
    }

    /** Somebody else missed it too. */
    void confirm(long instance, long accuser) {
        Suspicion suspicion = open.get(instance);
        if (suspicion != null && suspicion.add(accuser)) {
            why.note(
                    suspicion.subject().nodeId(),
                    WhyEntry.Step.CONFIRMED,
                    accuser,
                    suspicion.accusers().size() + " accusers",
                    timers.now() - suspicion.startedAt());
            arm(suspicion);
        }
    }

    /** Ends a suspicion without a verdict. Returns how long it was open, in nanoseconds. */
    long cancel(long instance) {
        Suspicion suspicion = open.remove(instance);
        if (suspicion == null) {
            return 0;
        }
        timers.cancel(suspicion.expiry());
        return timers.now() - suspicion.startedAt();
    }

    private void arm(Suspicion suspicion) {
        if (suspicion.expiry() != null) {
            timers.cancel(suspicion.expiry());
        }
        long until = suspicion.startedAt() + suspicion.window(settings.get(), table.live() + 1);
        suspicion.expiresWith(timers.in(until - timers.now(), () -> expire(suspicion)));
    }

    private void expire(Suspicion suspicion) {
        boolean mass = open.size() >= MASS && open.size() > MASS_SHARE * (table.live() + 1);
        if (mass && !massSuspicion) {
            outbox.add(new SwimEffect.PartitionSuspected(open.size(), table.live() + 1));
        }
        massSuspicion = mass;
        if (mass && !suspicion.held() && suspicion.own()) {
            suspicion.hold();
            why.note(
                    suspicion.subject().nodeId(),
                    WhyEntry.Step.HELD,
                    self.instance(),
                    open.size() + " of " + (table.live() + 1) + " members are suspected");
            arm(suspicion);
            return;
        }
        open.remove(suspicion.subject().instance());
        whenClosed.accept(suspicion);
    }
}
