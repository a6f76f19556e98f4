package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.MemberState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The failure detector's eye. Two streams, half an interval apart: one pings the ring successor, so that every member is
 * pinged in every interval by construction; one pings at random, so that no fault between two neighbours hides. A probe is a ping,
 * then pings through relays and a look over TCP, then a verdict; each stream has one at a time.
 */
final class Prober {
    /** Probes in a row that a member answered over TCP alone before that is said of it: one lost packet says nothing. */
    private static final int TCP_ONLY = 3;

    private final Supplier<SwimSettings> settings;
    private final Timers timers;
    private final MemberTable table;
    private final LocalMember self;
    private final Outbox outbox;
    private final Membership membership;
    private final Witnesses witnesses;
    private final LocalHealth health;
    private final RoundTrips roundTrips;
    private final WhyBook why;
    private final Numbers numbers;
    private final RandomGenerator random;
    private final Map<Long, Probe> open = new LinkedHashMap<>();
    private final Map<Long, Integer> tcpOnly = new HashMap<>();
    private boolean stopped;

    private enum Stream {
        RING,
        RANDOM
    }

    private static final class Probe {
        private final Stream stream;
        private final MemberRecord target;
        private final long number;
        private final long startedAt;
        private final List<Long> relays = new ArrayList<>();
        private final Set<Long> nacks = new LinkedHashSet<>();
        /** Members that could have been asked to relay, however few were. */
        private int othersToAsk;
        /** When they were asked, and its REST API was. */
        private long askedAt;

        private String tcp = "no answer over TCP";
        /** Its host refused the connection: the process is gone. */
        private boolean refused;
        /** Somebody else answered in its place: this node's ears are good. */
        private boolean heardOther;

        private Timers.Timer next;

        private Probe(Stream stream, MemberRecord target, long number, long startedAt) {
            this.stream = stream;
            this.target = target;
            this.number = number;
            this.startedAt = startedAt;
        }
    }

    Prober(
            Supplier<SwimSettings> settings,
            Timers timers,
            MemberTable table,
            LocalMember self,
            Outbox outbox,
            Membership membership,
            Witnesses witnesses,
            LocalHealth health,
            RoundTrips roundTrips,
            WhyBook why,
            Numbers numbers,
            RandomGenerator random) {
        this.settings = settings;
        this.timers = timers;
        this.table = table;
        this.self = self;
        this.outbox = outbox;
        this.membership = membership;
        this.witnesses = witnesses;
        this.health = health;
        this.roundTrips = roundTrips;
        this.why = why;
        this.numbers = numbers;
        this.random = random;
    }

    void start() {
        long interval = settings.get().interval();
        long offset = random.nextLong(interval);
        timers.in(offset, () -> begin(Stream.RING));
        timers.in((offset + interval / 2) % interval, () -> begin(Stream.RANDOM));
    }

    void stop() {
        stopped = true;
    }

    /** Whether the member answers over TCP and not over UDP. */
    boolean udpUnreachable(long instance) {
        return tcpOnly.getOrDefault(instance, 0) >= TCP_ONLY;
    }

    /** Forgets what it knew of members that are gone. */
    void forgetGone() {
        tcpOnly.keySet().removeIf(instance -> table.find(instance) < 0);
    }

    private void begin(Stream stream) {
        if (stopped) {
            return;
        }
        Optional<MemberRecord> target = choose(stream);
        if (target.isEmpty()) {
            timers.in(settings.get().interval(), () -> begin(stream));
            return;
        }
        Probe probe = new Probe(stream, target.get(), numbers.next(), timers.now());
        open.put(probe.number, probe);
        outbox.send(probe.target, new Message.Ping(probe.number));
        long patience = settings.get().directTimeout(roundTrips) * health.multiplier();
        probe.next = timers.in(patience, () -> directMissed(probe));
    }

    private Optional<MemberRecord> choose(Stream stream) {
        int at = switch (stream) {
            case RING -> table.neighbour(self.instance(), 1, this::isAlive);
            case RANDOM ->
                table.pick(1, random, this::isAlive).stream().findFirst().orElse(-1);
        };
        return at < 0 ? Optional.empty() : Optional.of(table.record(at));
    }

    private boolean isAlive(int at) {
        return table.state(at) == MemberState.ALIVE;
    }

    private void directMissed(Probe probe) {
        long verdictAt = probe.startedAt + settings.get().verdict() * health.multiplier();
        long left = Math.max(0, verdictAt - timers.now());
        int budget = (int) Math.min(Errands.MAX_BUDGET, left / 1_000_000);
        long target = probe.target.instance();
        probe.askedAt = timers.now();
        probe.othersToAsk = table.count(MemberState.ALIVE) - 1;
        for (int at : table.pick(
                settings.get().indirectProbes(),
                random,
                i -> isAlive(i) && table.record(i).instance() != target)) {
            MemberRecord relay = table.record(at);
            probe.relays.add(relay.instance());
            outbox.send(relay, new Message.PingRequest(probe.number, target, probe.target.endpoint(), budget));
        }
        outbox.add(new SwimEffect.TcpProbe(
                probe.number,
                probe.target.nodeId(),
                target,
                probe.target.http(),
                probe.target.endpoint(),
                Duration.ofNanos(left)));
        probe.next = timers.in(left, () -> verdict(probe));
    }

    /** An answer to a ping of either stream. Returns whether the number was one of this prober's. */
    boolean acked(long number, long from) {
        Probe probe = open.get(number);
        if (probe == null) {
            return false;
        }
        boolean direct = from == probe.target.instance();
        if (direct || probe.relays.contains(from)) {
            if (direct && probe.relays.isEmpty()) {
                roundTrips.sample(timers.now() - probe.startedAt);
            }
            reachable(probe.target);
            succeeded(probe);
        }
        return true;
    }

    void nacked(long number, long from) {
        Probe probe = open.get(number);
        if (probe != null && probe.relays.contains(from)) {
            probe.nacks.add(from);
        }
    }

    void tcpResult(long number, TcpOutcome outcome) {
        Probe probe = open.get(number);
        if (probe == null) {
            return;
        }
        switch (outcome) {
            case ANSWERED -> {
                why.note(
                        probe.target.nodeId(),
                        WhyEntry.Step.TCP_ONLY,
                        self.instance(),
                        "no answer over UDP, answered over TCP",
                        timers.now() - probe.startedAt);
                if (tcpOnly.merge(probe.target.instance(), 1, Integer::sum) == TCP_ONLY) {
                    reported(probe.target, "answers over TCP only");
                }
                succeeded(probe);
            }
            case OTHER_INSTANCE -> {
                probe.heardOther = true;
                probe.tcp = "another process answers at its address";
            }
            case REFUSED -> {
                probe.refused = true;
                probe.tcp = "connection refused";
                hurry(probe);
            }
            case SILENT -> probe.tcp = "no answer over TCP";
        }
    }

    /** Its host answered, so this node's ears are good: the verdict need not wait for the patience of a node in doubt of them. */
    private void hurry(Probe probe) {
        long verdict = settings.get().verdict();
        long at = Math.max(probe.startedAt + verdict, probe.askedAt + verdict * 6 / 10);
        if (at < probe.startedAt + verdict * health.multiplier()) {
            timers.cancel(probe.next);
            probe.next = timers.in(at - timers.now(), () -> verdict(probe));
        }
    }

    /** Somebody else answers where the target should be: no point in waiting for the verdict. */
    void addressTaken(Endpoint address, MemberRecord by) {
        for (Probe probe : List.copyOf(open.values())) {
            if (probe.target.endpoint().equals(address) && probe.target.instance() != by.instance()) {
                timers.cancel(probe.next);
                probe.heardOther = true;
                probe.tcp = "its address answers as " + by.nodeId();
                why.note(probe.target.nodeId(), WhyEntry.Step.ADDRESS_TAKEN, by.instance(), probe.tcp);
                if (by.nodeId().equals(probe.target.nodeId())) {
                    open.remove(probe.number);
                    next(probe);
                } else {
                    verdict(probe);
                }
            }
        }
    }

    private void succeeded(Probe probe) {
        timers.cancel(probe.next);
        open.remove(probe.number);
        if (health.answered()) {
            outbox.add(new SwimEffect.Isolated(false));
        }
        next(probe);
    }

    private void verdict(Probe probe) {
        open.remove(probe.number);
        boolean deaf = probe.othersToAsk >= 2 && probe.nacks.isEmpty() && !probe.refused && !probe.heardOther;
        long took = timers.now() - probe.startedAt;
        if (deaf) {
            why.note(
                    probe.target.nodeId(),
                    WhyEntry.Step.BLAMED_SELF,
                    self.instance(),
                    "none of " + probe.relays.size() + " relays answered either",
                    took);
            switch (health.deaf(timers.now(), settings.get())) {
                case PASSING -> {}
                case ISOLATED -> outbox.add(new SwimEffect.Isolated(true));
                case LAST_SURVIVOR ->
                    membership.giveUpAll("nobody at all has answered for "
                            + settings.get().isolationLimit() / 1_000_000_000L + " s");
            }
            next(probe);
            return;
        }
        if (probe.nacks.size() < probe.relays.size() && !probe.refused) {
            health.worse();
        }
        String evidence =
                "no ack, " + probe.nacks.size() + " of " + probe.relays.size() + " relays missed it too, " + probe.tcp;
        tcpOnly.remove(probe.target.instance());
        boolean accused = membership.accuse(probe.target, probe.refused, evidence, took);
        if (accused) {
            witnesses.ask(probe.target);
        }
        if (accused && probe.stream == Stream.RING) {
            // A block of dead neighbours is walked through at once, not one of them in each interval.
            begin(Stream.RING);
        } else {
            next(probe);
        }
    }

    private void next(Probe probe) {
        long at = probe.startedAt + settings.get().interval() * health.multiplier();
        timers.in(at - timers.now(), () -> begin(probe.stream));
    }

    private void reachable(MemberRecord target) {
        boolean reported = udpUnreachable(target.instance());
        tcpOnly.remove(target.instance());
        if (reported) {
            reported(target, "answers over UDP again");
        }
    }

    private void reported(MemberRecord target, String reason) {
        int at = table.find(target.instance());
        if (at >= 0 && table.isLive(at)) {
            outbox.changed(SwimEffect.Change.UPDATED, table.record(at), table.state(at), table.since(at), reason);
        }
    }
}
