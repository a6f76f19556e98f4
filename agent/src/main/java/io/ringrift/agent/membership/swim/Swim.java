package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.Member.Modes;
import io.ringrift.agent.membership.MemberState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/**
 * The SWIM protocol of one node, as a machine without a socket, a clock or a thread. Every input takes the monotonic time
 * since the process started and returns what the shell must do, in order.
 *
 * <p>The shell keeps one timer, at {@link #nextDeadline}, and calls {@link #tick} when it is due. On waking it hands in all
 * packets that wait before it ticks. All calls come from one thread. The same inputs, times and random numbers give the same effects.
 */
public final class Swim {
    private final Timers timers = new Timers();
    private final MemberTable table = new MemberTable();
    private final UpdateQueue queue = new UpdateQueue();
    private final LocalHealth health = new LocalHealth();
    private final Counters counters = new Counters();
    private final LocalMember self;
    private final Outbox outbox;
    private final WhyBook why;
    private final SuspicionBook suspicions;
    private final Dissemination dissemination;
    private final SelfDefence defence;
    private final Membership membership;
    private final Prober prober;
    private final AntiEntropy antiEntropy;
    private final Bootstrap bootstrap;
    private final Farewell farewell;
    private final Inbox inbox;
    private SwimSettings settings;

    /**
     * @param clusterName the same on all members; packets of other clusters are dropped
     * @param self this node; its instance drawn anew at this boot, its incarnation the wall clock's milliseconds
     * @param random the one source of chance, for this object alone
     */
    public Swim(Duration now, String clusterName, MemberRecord self, SwimSettings settings, RandomGenerator random) {
        int tag = clusterTag(clusterName);
        this.settings = settings;
        this.self = new LocalMember(self);
        timers.advance(now.toNanos());
        Numbers numbers = new Numbers();
        RoundTrips roundTrips = new RoundTrips();
        outbox = new Outbox(tag, this.self, table, queue);
        why = new WhyBook(table, this.self, timers);
        suspicions = new SuspicionBook(this::settings, timers, table, outbox, why, this.self);
        dissemination = new Dissemination(this::settings, timers, table, outbox, queue, random);
        defence =
                new SelfDefence(this::settings, timers, this.self, table, outbox, dissemination, health, why, counters);
        membership = new Membership(
                timers, this.self, table, suspicions, dissemination, defence, health, outbox, why, counters);
        Witnesses witnesses = new Witnesses(this::settings, timers, table, this.self, outbox, suspicions, why, numbers);
        prober = new Prober(
                this::settings,
                timers,
                table,
                this.self,
                outbox,
                membership,
                witnesses,
                health,
                roundTrips,
                why,
                numbers,
                random);
        Errands errands = new Errands(this::settings, timers, outbox, numbers, counters);
        antiEntropy = new AntiEntropy(this::settings, timers, table, this.self, outbox, membership, errands, tag);
        bootstrap = new Bootstrap(this::settings, timers, table, this.self, outbox, numbers, random);
        farewell = new Farewell(this::settings, timers, table, this.self, outbox, random);
        inbox = new Inbox(
                tag,
                timers,
                this.self,
                table,
                outbox,
                membership,
                prober,
                errands,
                witnesses,
                antiEntropy,
                bootstrap,
                farewell,
                health,
                counters);
        outbox.udpUnreachable(member -> prober.udpUnreachable(member.instance()));
        prober.start();
        bootstrap.start();
        new Tombstones(timers, table, prober).start();
    }

    /** First four bytes of every packet's cluster field: a checksum of the name, so that strangers are told apart at once. */
    public static int clusterTag(String clusterName) {
        CRC32C crc = new CRC32C();
        crc.update(clusterName.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    /** Does what is due. To be called at {@link #nextDeadline}, after all waiting packets; calling it early does no harm. */
    public List<SwimEffect> tick(Duration now) {
        return step(now, timers::runDue);
    }

    /** When {@link #tick} is due next; changes with every input. */
    public Optional<Duration> nextDeadline() {
        OptionalLong next = timers.nextDeadline();
        return next.isPresent() ? Optional.of(Duration.ofNanos(next.getAsLong())) : Optional.empty();
    }

    /** A datagram came in, opened and unsealed. Any bytes at all are taken; what cannot be used is counted. */
    public List<SwimEffect> packet(Duration now, Endpoint from, byte[] bytes) {
        return step(now, () -> inbox.datagram(from, bytes));
    }

    /** What a {@link SwimEffect.TcpProbe} came to. */
    public List<SwimEffect> tcpProbeResult(Duration now, long probe, TcpOutcome outcome) {
        return step(now, () -> prober.tcpResult(probe, outcome));
    }

    /** Another member's request of the full-state exchange came in over HTTP. */
    public SyncAnswer syncRequested(Duration now, byte[] body) {
        List<Optional<byte[]>> answer = new ArrayList<>(1);
        List<SwimEffect> effects =
                step(now, () -> answer.add(inbox.open(body, Swim::ignore).flatMap(antiEntropy::requested)));
        return new SyncAnswer(answer.getFirst(), effects);
    }

    /** The answer to a {@link SwimEffect.Sync}. */
    public List<SwimEffect> syncAnswered(Duration now, long exchange, byte[] body) {
        return step(
                now,
                () -> inbox.open(body, Swim::ignore)
                        .ifPresentOrElse(
                                packet -> antiEntropy.answered(exchange, packet), () -> antiEntropy.failed(exchange)));
    }

    /** A {@link SwimEffect.Sync} got no answer. */
    public List<SwimEffect> syncFailed(Duration now, long exchange) {
        return step(now, () -> antiEntropy.failed(exchange));
    }

    /**
     * Where members may be found, from configuration or a name server; replaces what was given before. Call it again whenever the
     * names resolve anew: an address is nothing more than a place to ask.
     */
    public List<SwimEffect> join(Duration now, List<Endpoint> seeds) {
        return step(now, () -> bootstrap.join(seeds));
    }

    /** Says goodbye and stops probing. {@link SwimEffect.LeaveCompleted} follows within a ping interval. */
    public List<SwimEffect> leave(Duration now) {
        return step(now, () -> {
            if (!self.leaving()) {
                prober.stop();
                farewell.begin();
            }
        });
    }

    /** Takes new times at once and tells everybody about new modes. */
    public List<SwimEffect> configure(Duration now, SwimSettings changed, Optional<Modes> modes) {
        return step(now, () -> {
            settings = changed;
            announce(self.record().withModes(modes));
        });
    }

    /** This node is heard at another address from now on. */
    public List<SwimEffect> moved(Duration now, Endpoint address) {
        return step(now, () -> announce(self.record().withEndpoint(address)));
    }

    /** This node as it presents itself. */
    public MemberRecord self() {
        return self.record();
    }

    /** All members that are known and not forgotten, this node included, by node id. */
    public List<Member> members() {
        List<Member> members = new ArrayList<>(table.size() + 1);
        members.add(outbox.view(self.record(), self.state(), 0));
        for (int at = 0; at < table.size(); at++) {
            members.add(outbox.view(table.record(at), table.state(at), table.since(at)));
        }
        members.sort(Comparator.comparing(Member::nodeId));
        return members;
    }

    /** The latest steps that led to what is held of a node, eldest first; empty where nothing ever was held against it. */
    public List<WhyEntry> why(String nodeId) {
        return why.of(nodeId);
    }

    /** The protocol's state in numbers. */
    public SwimStatus status() {
        return new SwimStatus(
                table.count(MemberState.ALIVE) + 1,
                table.count(MemberState.SUSPECTED),
                table.count(MemberState.FAILED),
                bootstrap.joined(),
                health.isolated(),
                defence.superseded(),
                health.score(),
                outbox.viewHash(),
                queue.size(),
                timers.size(),
                timers.pauses(),
                counters.drops());
    }

    /** For simulations that begin with a cluster in which everybody knows everybody: all members, in the order of the ring. */
    void preload(List<MemberRecord> members) {
        table.load(members, self.instance(), timers.wall());
        bootstrap.heard();
    }

    MemberTable table() {
        return table;
    }

    private void announce(MemberRecord changed) {
        if (!changed.equals(self.record()) && !self.leaving()) {
            self.become(changed);
            dissemination.announce(new Update.Alive(self.record()));
        }
    }

    private SwimSettings settings() {
        return settings;
    }

    private List<SwimEffect> step(Duration now, Runnable input) {
        timers.advance(now.toNanos());
        input.run();
        return outbox.drain();
    }

    private static void ignore(Packet packet) {}
}
