package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.MemberState;
import java.util.List;
import java.util.function.Supplier;

/**
 * What this node does when others speak of it: it refutes suspicions and its own death with a higher incarnation, and decides what
 * an older or younger process with the same node id means.
 */
final class SelfDefence {
    /** A forged accusation could name an incarnation so high that none is left above it; nobody gets so far ahead honestly. */
    private static final long MAX_LEAP = 1L << 32;
    /** So many intervals after the start, a younger process of the same name is taken for the successor, not for the past. */
    private static final int YOUTH = 10;

    private final Supplier<SwimSettings> settings;
    private final Timers timers;
    private final LocalMember self;
    private final MemberTable table;
    private final Outbox outbox;
    private final Dissemination dissemination;
    private final LocalHealth health;
    private final WhyBook why;
    private final Counters counters;
    private final long bornAt;
    private MemberRecord rival;

    SelfDefence(
            Supplier<SwimSettings> settings,
            Timers timers,
            LocalMember self,
            MemberTable table,
            Outbox outbox,
            Dissemination dissemination,
            LocalHealth health,
            WhyBook why,
            Counters counters) {
        this.settings = settings;
        this.timers = timers;
        this.self = self;
        this.table = table;
        this.outbox = outbox;
        this.dissemination = dissemination;
        this.health = health;
        this.why = why;
        this.counters = counters;
        this.bornAt = timers.now();
    }

    /** Whether an instance is another process with this node's id. */
    boolean isRival(long instance) {
        return rival != null && rival.instance() == instance;
    }

    /** Whether a younger process has taken this node's place. */
    boolean superseded() {
        return rival != null;
    }

    /**
     * Somebody suspects or buries this very instance.
     *
     * @param source who sent it: told at once when it is itself an accuser, even if it has this node buried or this node has it
     */
    void accused(long incarnation, List<Long> accusers, long source) {
        if (self.leaving() || superseded()) {
            return;
        }
        if (incarnation - self.record().incarnation() > MAX_LEAP) {
            counters.drop(Drop.FORGED);
            return;
        }
        boolean stale = incarnation < self.record().incarnation();
        if (!stale) {
            self.riseAbove(incarnation);
            health.worse();
            why.note(self.record().nodeId(), WhyEntry.Step.REFUTED, self.instance(), "accused by " + accusers.size());
            dissemination.announce(new Update.Alive(self.record()));
        }
        // The accusers' windows close first: they are told before gossip gets there. Old accusations are answered only
        // when
        // they come from the accuser, who has not heard the answer yet.
        for (long accuser : accusers) {
            int at = table.find(accuser);
            if (at >= 0 && (accuser == source || !stale && table.live() > SwimSettings.SMALL_CLUSTER)) {
                outbox.tell(table.record(at), new Update.Alive(self.record()));
            }
        }
    }

    /** Another process with this node's id is known to the cluster, alive or not. */
    void sameName(MemberRecord other, MemberState state) {
        if (!other.outranks(self.record()) || self.leaving()) {
            return;
        }
        boolean young = timers.now() - bornAt < YOUTH * settings.get().interval();
        boolean gone = state == MemberState.FAILED || state == MemberState.LEFT;
        if (young || gone) {
            // This node's own past (the clock was set back between the boots), or a rival that is gone again.
            rival = null;
            self.riseAbove(other.incarnation());
            dissemination.announce(new Update.Alive(self.record()));
        } else if (rival == null || other.outranks(rival)) {
            rival = other;
            outbox.add(new SwimEffect.Superseded(other.endpoint()));
        }
    }

    /** The rival is gone: this process is the node again. */
    void rivalGone(long incarnation) {
        rival = null;
        self.riseAbove(incarnation);
        dissemination.announce(new Update.Alive(self.record()));
    }
}
