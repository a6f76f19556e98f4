package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.MemberState;
import java.util.List;

/**
 * The rules by which news changes the view. For one instance the higher incarnation wins, then FAILED over SUSPECTED over
 * ALIVE; LEFT wins over everything. For one node the instance with the higher incarnation wins. So the order in which news arrives
 * does not matter, and nobody but a member itself can bring it back.
 */
final class Membership {
    private final Timers timers;
    private final LocalMember self;
    private final MemberTable table;
    private final SuspicionBook suspicions;
    private final Dissemination dissemination;
    private final SelfDefence defence;
    private final LocalHealth health;
    private final Outbox outbox;
    private final WhyBook why;
    private final Counters counters;

    Membership(
            Timers timers,
            LocalMember self,
            MemberTable table,
            SuspicionBook suspicions,
            Dissemination dissemination,
            SelfDefence defence,
            LocalHealth health,
            Outbox outbox,
            WhyBook why,
            Counters counters) {
        this.timers = timers;
        this.self = self;
        this.table = table;
        this.suspicions = suspicions;
        this.dissemination = dissemination;
        this.defence = defence;
        this.health = health;
        this.outbox = outbox;
        this.why = why;
        this.counters = counters;
        suspicions.whenClosed(this::condemn);
    }

    /** News from a packet that {@code source} sent. */
    void apply(Update update, long source) {
        switch (update) {
            case Update.Alive alive -> alive(alive.member());
            case Update.Suspect suspect -> suspect(suspect, source);
            case Update.Failed failed -> failed(failed, source);
            case Update.Left left -> left(left);
        }
    }

    /** A member's own word about itself, first or second hand. */
    void alive(MemberRecord said) {
        if (said.nodeId().equals(self.record().nodeId())) {
            if (said.instance() != self.instance()) {
                defence.sameName(said, MemberState.ALIVE);
            }
            return;
        }
        int at = table.findNode(said.nodeId());
        if (at < 0) {
            if (table.size() >= MemberTable.CAPACITY) {
                counters.drop(Drop.OVERLOADED);
                return;
            }
            enter(said, MemberState.ALIVE, SwimEffect.Change.JOINED, "heard of for the first time");
            dissemination.spread(new Update.Alive(said));
        } else if (table.record(at).instance() == said.instance()) {
            renewed(at, said);
        } else if (said.outranks(table.record(at))) {
            MemberRecord before = table.record(at);
            suspicions.cancel(before.instance());
            why.note(said.nodeId(), WhyEntry.Step.RESTARTED, said.instance(), "was instance " + hex(before.instance()));
            enter(said, MemberState.ALIVE, SwimEffect.Change.RESTARTED, "started anew");
            dissemination.spread(new Update.Alive(said));
        }
    }

    /**
     * A newcomer answered at its address. If an instance of its node is known that outranks it (the clock was set back between its boots),
     * it is told, so that it can rise above its past.
     */
    void welcome(MemberRecord newcomer) {
        alive(newcomer);
        int at = table.findNode(newcomer.nodeId());
        if (at >= 0 && table.record(at).outranks(newcomer) && table.record(at).instance() != newcomer.instance()) {
            tellPast(newcomer, table.record(at), table.state(at));
        }
    }

    /** Tells a member that another instance of its node is known, which outranks it: it rises above one that is gone. */
    private void tellPast(MemberRecord member, MemberRecord other, MemberState state) {
        outbox.tell(member, new Update.Alive(other));
        switch (state) {
            case FAILED ->
                outbox.tell(member, new Update.Failed(other.instance(), other.incarnation(), self.instance()));
            case LEFT -> outbox.tell(member, new Update.Left(other.instance(), other.incarnation()));
            case ALIVE, SUSPECTED -> {}
        }
    }

    /** The same instance spoke again. */
    private void renewed(int at, MemberRecord said) {
        MemberRecord before = table.record(at);
        MemberState state = table.state(at);
        if (state == MemberState.LEFT || said.incarnation() <= before.incarnation()) {
            return;
        }
        long suspectedFor = suspicions.cancel(said.instance());
        switch (state) {
            case ALIVE -> {
                boolean same = before.withIncarnation(said.incarnation()).equals(said);
                long since = table.since(at);
                table.put(said, MemberState.ALIVE, since);
                if (!same) {
                    outbox.changed(
                            SwimEffect.Change.UPDATED, said, MemberState.ALIVE, since, "says something new of itself");
                }
            }
            case SUSPECTED -> {
                why.note(
                        said.nodeId(),
                        WhyEntry.Step.REFUTED,
                        said.instance(),
                        "incarnation " + said.incarnation(),
                        suspectedFor);
                enter(said, MemberState.ALIVE, SwimEffect.Change.REFUTED, "refuted the suspicion");
            }
            case FAILED -> enter(said, MemberState.ALIVE, SwimEffect.Change.JOINED, "came back");
            case LEFT -> throw new IllegalStateException("excluded above");
        }
        dissemination.spread(new Update.Alive(said));
    }

    private void suspect(Update.Suspect news, long source) {
        if (news.instance() == self.instance()) {
            defence.accused(news.incarnation(), news.accusers(), source);
            return;
        }
        int at = table.find(news.instance());
        if (at < 0) {
            return;
        }
        if (news.incarnation() < table.record(at).incarnation()) {
            correct(at, news.accusers().contains(source), source);
            return;
        }
        boolean newer = news.incarnation() > table.record(at).incarnation();
        MemberState state = table.state(at);
        if (state == MemberState.SUSPECTED && !newer) {
            news.accusers().forEach(accuser -> suspicions.confirm(news.instance(), accuser));
        } else if (state == MemberState.ALIVE || newer && state != MemberState.LEFT) {
            if (state == MemberState.FAILED) {
                // It came back and was missed again; the first of the two has not been heard here.
                enter(
                        table.record(at).withIncarnation(news.incarnation()),
                        MemberState.ALIVE,
                        SwimEffect.Change.JOINED,
                        "came back");
            }
            long by = news.accusers().isEmpty() ? 0 : news.accusers().getFirst();
            suspected(table.record(at).withIncarnation(news.incarnation()), news.accusers(), by, "told by gossip");
            dissemination.spread(news);
        }
    }

    /**
     * This node's own probe failed. Returns whether it made the member suspected by this node, so that witnesses are worth
     * asking.
     *
     * @param refused whether the member's host refused a connection to it
     */
    boolean accuse(MemberRecord target, boolean refused, String evidence, long took) {
        int at = table.find(target.instance());
        if (at < 0 || table.record(at).incarnation() != target.incarnation() || !table.isLive(at)) {
            return false;
        }
        why.note(target.nodeId(), WhyEntry.Step.PROBE_FAILED, self.instance(), evidence, took);
        boolean fresh = table.state(at) == MemberState.ALIVE;
        if (fresh) {
            suspected(table.record(at), List.of(self.instance()), self.instance(), evidence);
        }
        suspicions.saw(target.instance(), refused);
        if (fresh) {
            Update news = new Update.Suspect(target.instance(), target.incarnation(), List.of(self.instance()));
            announce(news);
            outbox.tell(target, news);
        }
        return true;
    }

    /** This node hears nobody and has not for long: everybody is told so, and whoever does not speak up is dead here. */
    void giveUpAll(String evidence) {
        for (int at = 0; at < table.size(); at++) {
            if (table.state(at) == MemberState.ALIVE) {
                accuse(table.record(at), false, evidence, 0);
            }
        }
    }

    private void failed(Update.Failed news, long source) {
        if (news.instance() == self.instance()) {
            defence.accused(news.incarnation(), List.of(news.declaredBy()), source);
            return;
        }
        if (defence.isRival(news.instance())) {
            defence.rivalGone(news.incarnation());
            return;
        }
        int at = table.find(news.instance());
        if (at < 0) {
            return;
        }
        if (news.incarnation() < table.record(at).incarnation()) {
            correct(at, news.declaredBy() == source, source);
            return;
        }
        MemberRecord member = table.record(at).withIncarnation(news.incarnation());
        if (table.isLive(at)) {
            long suspectedFor = suspicions.cancel(member.instance());
            fail(member, news.declaredBy(), "told by gossip", suspectedFor);
            dissemination.spread(news);
        } else if (table.state(at) == MemberState.FAILED) {
            // The highest incarnation of any evidence counts: older news that it lives must not raise it.
            table.put(member, MemberState.FAILED, table.since(at));
        }
    }

    /** Whoever accuses a member of the past is told of its present; others only passed the accusation on. */
    private void correct(int at, boolean byAccuser, long accuser) {
        int who = table.find(accuser);
        if (byAccuser && who >= 0 && table.isLive(at)) {
            outbox.tell(table.record(who), new Update.Alive(table.record(at)));
        }
    }

    private void left(Update.Left news) {
        if (defence.isRival(news.instance())) {
            defence.rivalGone(news.incarnation());
            return;
        }
        int at = table.find(news.instance());
        if (at < 0
                || table.state(at) == MemberState.LEFT
                || news.incarnation() < table.record(at).incarnation()) {
            return;
        }
        MemberRecord member = table.record(at).withIncarnation(news.incarnation());
        suspicions.cancel(member.instance());
        why.note(member.nodeId(), WhyEntry.Step.LEFT, member.instance(), "said goodbye");
        enter(member, MemberState.LEFT, SwimEffect.Change.LEFT, "said goodbye");
        dissemination.spread(news);
    }

    /** What another member holds, from the full-state exchange. */
    void learn(Message.Entry entry, long peer) {
        MemberRecord said = entry.member();
        boolean dead = entry.state() != MemberState.ALIVE;
        if (said.nodeId().equals(self.record().nodeId())) {
            ownEntry(entry, peer);
            return;
        }
        int at = table.findNode(said.nodeId());
        if (!dead) {
            alive(said);
        } else if (at < 0 || !table.isLive(at)) {
            bury(at, entry);
        } else if (entry.state() == MemberState.LEFT) {
            leftUnheard(at, said);
        } else if (table.record(at).instance() == said.instance()) {
            alive(said);
            doubt(said, peer);
        } else if (said.outranks(table.record(at))) {
            // Either the node started anew and died without this node hearing of it, or its clock was set back and this
            // is its past.
            MemberRecord held = table.record(at);
            tellPast(held, said, MemberState.FAILED);
            doubt(held, peer);
        }
    }

    private void ownEntry(Message.Entry entry, long peer) {
        MemberRecord said = entry.member();
        if (said.instance() != self.instance()) {
            defence.sameName(said, entry.state());
        } else if (entry.state() != MemberState.ALIVE) {
            defence.accused(said.incarnation(), List.of(peer), peer);
        }
    }

    /** A member that is dead to both, or that others buried before this node ever met it: the higher evidence is kept. */
    private void bury(int at, Message.Entry entry) {
        MemberRecord said = entry.member();
        if (at < 0 && table.size() >= MemberTable.CAPACITY) {
            counters.drop(Drop.OVERLOADED);
        } else if (at < 0 || buriedDeeper(at, entry)) {
            table.put(said, entry.state(), timers.wall() - entry.ageSeconds() * 1_000_000_000L);
        }
    }

    private boolean buriedDeeper(int at, Message.Entry entry) {
        MemberRecord held = table.record(at);
        MemberRecord said = entry.member();
        if (held.instance() != said.instance()) {
            return said.outranks(held);
        }
        boolean goodbye = entry.state() == MemberState.LEFT && table.state(at) != MemberState.LEFT;
        boolean newer = said.incarnation() > held.incarnation() && table.state(at) != MemberState.LEFT;
        return goodbye || newer;
    }

    /** A goodbye that this node missed, perhaps of an instance that it never met. */
    private void leftUnheard(int at, MemberRecord said) {
        MemberRecord held = table.record(at);
        if (held.instance() == said.instance()) {
            left(new Update.Left(said.instance(), said.incarnation()));
        } else if (said.outranks(held)) {
            suspicions.cancel(held.instance());
            enter(said, MemberState.LEFT, SwimEffect.Change.LEFT, "started anew and said goodbye");
        }
    }

    /**
     * Others hold a member FAILED that lives in this node's view. After a partition that is true of everybody on this side, so it is
     * only doubted, not passed on, and told so that it can speak for itself; if it does not, its window closes here as well.
     */
    private void doubt(MemberRecord said, long peer) {
        int at = table.find(said.instance());
        if (at < 0 || table.state(at) != MemberState.ALIVE || table.record(at).incarnation() != said.incarnation()) {
            return;
        }
        suspected(said, List.of(peer), peer, "held FAILED by another member");
        outbox.tell(said, new Update.Failed(said.instance(), said.incarnation(), self.instance()));
    }

    private void suspected(MemberRecord member, List<Long> accusers, long by, String evidence) {
        enter(member, MemberState.SUSPECTED, SwimEffect.Change.SUSPECTED, evidence);
        suspicions.open(member, accusers);
        why.note(member.nodeId(), WhyEntry.Step.SUSPECTED, by, evidence);
    }

    /** A suspicion's window closed here. */
    private void condemn(Suspicion suspicion) {
        MemberRecord subject = suspicion.subject();
        int at = table.find(subject.instance());
        if (at < 0 || table.state(at) != MemberState.SUSPECTED) {
            return;
        }
        long suspectedFor = timers.now() - suspicion.startedAt();
        String reason = "no refutation in " + suspectedFor / 1_000_000 + " ms, "
                + suspicion.accusers().size() + " accusers";
        fail(subject, self.instance(), reason, suspectedFor);
        Update news = new Update.Failed(subject.instance(), subject.incarnation(), self.instance());
        announce(news);
    }

    /** What a node finds while it hears nobody is its own affair: should it come back just then, it must not bury a healthy cluster. */
    private void announce(Update news) {
        if (!health.isolated()) {
            dissemination.announce(news);
        }
    }

    private void fail(MemberRecord member, long by, String reason, long suspectedFor) {
        why.note(member.nodeId(), WhyEntry.Step.FAILED, by, reason, suspectedFor);
        enter(member, MemberState.FAILED, SwimEffect.Change.FAILED, reason);
    }

    private void enter(MemberRecord member, MemberState state, SwimEffect.Change change, String reason) {
        table.put(member, state, timers.wall());
        outbox.changed(change, member, state, timers.wall(), reason);
    }

    private static String hex(long instance) {
        return Long.toHexString(instance);
    }
}
