package io.ringrift.agent.membership.swim;

import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.membership.Member.Modes;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.security.Envelope;
import io.ringrift.agent.security.GossipKeyring;
import io.ringrift.agent.security.PlainEnvelope;
import io.ringrift.agent.security.SealedEnvelope;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;

/** One process of the simulation: a core, its socket with a bounded buffer, and what is wrong with it at the moment. */
final class SimNode {
    /** About what a socket buffer of 212,992 bytes holds. */
    private static final int SOCKET_BUFFER = 300;

    private static final Modes MODES = new Modes(MembershipMode.SWIM, ConsensusMode.BULLY, OptionalLong.of(1));

    /** Which comes first when a frozen process thaws. */
    enum Wake {
        TIMERS_FIRST,
        IO_FIRST
    }

    private final Simulation simulation;
    private final String clusterName;
    private final String nodeId;
    private final Deque<Incoming> buffer = new ArrayDeque<>();
    private final Deque<Incoming> held = new ArrayDeque<>();
    private final Set<Long> taken = new HashSet<>();
    private Endpoint address;
    private Swim core;
    private Envelope envelope;
    private final Map<Envelope.Reason, Integer> refused = new EnumMap<>(Envelope.Reason.class);
    private boolean up;
    private boolean frozen;
    private boolean blocked;
    private boolean refuses;
    private boolean tcpShut;
    private long startedAt;
    private long clockOffset;
    private long due;
    private long scheduledTick = Long.MAX_VALUE;
    private long boots;
    private long maxIncarnation;
    private long bytesSent;
    private long packetsSent;
    private long syncBytes;
    /** What one datagram costs on the wire beside its own bytes: IPv4 and UDP headers. */
    private static final int OVERHEAD = 28;

    final List<SwimEffect> notices = new ArrayList<>();

    private record Incoming(Endpoint peer, byte[] datagram) {}

    SimNode(Simulation simulation, String clusterName, String nodeId, Endpoint address) {
        this.simulation = simulation;
        this.clusterName = clusterName;
        this.nodeId = nodeId;
        this.address = address;
    }

    /** Starts the process, knowing nobody. */
    void boot() {
        boot(1_700_000_000_000L + simulation.now() / 1_000_000);
    }

    void boot(long wallMillis) {
        boots++;
        startedAt = simulation.now();
        clockOffset = 0;
        frozen = false;
        blocked = false;
        buffer.clear();
        held.clear();
        taken.clear();
        SplittableRandom own = simulation.random.split();
        MemberRecord self = new MemberRecord(
                nodeId,
                MemberRecord.instanceOf(nodeId, own.nextInt()),
                wallMillis,
                address,
                8770,
                4321,
                Optional.of(MODES),
                Wire.VERSION);
        envelope = simulation
                .keyring
                .<Envelope>map(keys -> new SealedEnvelope(clusterName, keys, own.nextLong()))
                .orElseGet(PlainEnvelope::new);
        core = new Swim(Duration.ZERO, clusterName, self, simulation.settings, own);
        up = true;
        scheduledTick = Long.MAX_VALUE;
        remember();
        schedule();
    }

    void join(List<SimNode> seeds) {
        run(core.join(localTime(), seeds.stream().map(SimNode::address).toList()));
    }

    /** The host is gone: nothing answers, not even a refusal. */
    void crash() {
        up = false;
        refuses = false;
    }

    /** The process is gone and its host is not. */
    void kill() {
        up = false;
        refuses = true;
    }

    void leave() {
        run(core.leave(localTime()));
    }

    void configure(SwimSettings settings, long generation) {
        run(core.configure(
                localTime(),
                settings,
                Optional.of(new Modes(MODES.membership(), MODES.consensus(), OptionalLong.of(generation)))));
    }

    void freeze() {
        frozen = true;
    }

    void thaw(Wake order) {
        if (!frozen || !up) {
            return;
        }
        frozen = false;
        if (order == Wake.TIMERS_FIRST) {
            tick();
        }
        drain();
        tick();
    }

    /** No packet goes in or out any more, the process runs on; what Lifeguard's authors did to their members. */
    void block() {
        blocked = true;
    }

    void unblock() {
        blocked = false;
        if (up && !frozen) {
            drain();
            while (!held.isEmpty()) {
                Incoming outgoing = held.poll();
                simulation.send(this, outgoing.peer(), outgoing.datagram());
            }
        }
    }

    void shutTcp() {
        tcpShut = true;
    }

    void openTcp() {
        tcpShut = false;
    }

    /** The monotonic clock leaps, as after a suspend. */
    void leap(long nanos) {
        clockOffset += nanos;
        schedule();
    }

    void move(Endpoint to) {
        address = to;
        simulation.address(to, this);
        if (up) {
            run(core.moved(localTime(), to));
        }
    }

    void deliver(Endpoint from, byte[] datagram) {
        if (frozen || blocked) {
            if (buffer.size() < SOCKET_BUFFER) {
                buffer.add(new Incoming(from, datagram));
            }
            return;
        }
        receive(from, datagram);
    }

    private void receive(Endpoint from, byte[] datagram) {
        switch (envelope.open(datagram)) {
            case Envelope.Opened.Packet packet -> {
                if (envelope instanceof SealedEnvelope && !taken.add(sealOf(datagram))) {
                    simulation.invariants.openedTwice(this);
                }
                long before = core.table().hash();
                run(core.packet(localTime(), from, packet.bytes()));
                simulation.invariants.taken(this, packet.bytes(), before);
            }
            case Envelope.Opened.Refused no -> refused.merge(no.reason(), 1, Integer::sum);
        }
    }

    /** Sender and counter of a sealed datagram: no two that are honest have the same. */
    private static long sealOf(byte[] datagram) {
        ByteBuffer header = ByteBuffer.wrap(datagram);
        return header.getLong(8) * 31 + header.getLong(Wire.HEADER + 4);
    }

    private void drain() {
        while (!buffer.isEmpty() && up) {
            Incoming incoming = buffer.poll();
            receive(incoming.peer(), incoming.datagram());
        }
    }

    private void tick() {
        run(core.tick(localTime()));
    }

    private void run(List<SwimEffect> effects) {
        for (SwimEffect effect : effects) {
            carryOut(effect);
        }
        remember();
        schedule();
    }

    private void carryOut(SwimEffect effect) {
        switch (effect) {
            case SwimEffect.SendPacket send -> transmit(send);
            case SwimEffect.TcpProbe probe -> probe(probe);
            case SwimEffect.Sync sync -> sync(sync);
            case SwimEffect.MemberChanged changed -> simulation.changed(this, changed);
            case SwimEffect.Isolated _,
                    SwimEffect.PartitionSuspected _,
                    SwimEffect.Superseded _,
                    SwimEffect.LeaveCompleted _ -> notices.add(effect);
        }
    }

    private void transmit(SwimEffect.SendPacket send) {
        byte[] datagram = envelope.close(send.packet());
        bytesSent += datagram.length + OVERHEAD;
        packetsSent++;
        if (simulation.thorough) {
            simulation.invariants.sent(this, send.packet(), datagram);
        }
        if (blocked) {
            held.add(new Incoming(send.to(), datagram));
        } else {
            simulation.send(this, send.to(), datagram);
        }
    }

    private void probe(SwimEffect.TcpProbe probe) {
        connect(core, probe, simulation.now() + probe.timeout().toNanos());
    }

    /** As a kernel does it: where nothing comes back the connection is asked for again a second later. */
    private void connect(Swim asked, SwimEffect.TcpProbe probe, long deadline) {
        simulation.in(3 * simulation.latency(), () -> {
            TcpOutcome outcome = blocked ? TcpOutcome.SILENT : simulation.connect(this, probe.http(), probe.instance());
            if (core != asked) {
                return;
            }
            if (outcome != TcpOutcome.SILENT) {
                input(() -> core.tcpProbeResult(localTime(), probe.probe(), outcome));
            } else if (simulation.now() + Simulation.SECOND < deadline) {
                simulation.in(Simulation.SECOND, () -> connect(asked, probe, deadline));
            }
        });
    }

    private void sync(SwimEffect.Sync sync) {
        Swim asked = core;
        syncBytes += sync.body().length;
        simulation.in(3 * simulation.latency(), () -> {
            SimNode target = simulation.at(sync.http());
            boolean reached = !blocked
                    && target != null
                    && target.up()
                    && !simulation.cut.test(this, target)
                    && !simulation.cut.test(target, this)
                    && !target.frozen
                    && !target.blocked
                    && !target.tcpShut;
            Optional<byte[]> body = Optional.empty();
            if (reached) {
                SyncAnswer answer = target.core.syncRequested(target.localTime(), sync.body());
                target.run(answer.effects());
                body = answer.body();
            }
            Optional<byte[]> answer = body;
            answer.ifPresent(bytes -> syncBytes += bytes.length);
            simulation.in(reached ? simulation.latency() : Simulation.SECOND, () -> {
                if (core == asked) {
                    input(() -> answer.map(bytes -> core.syncAnswered(localTime(), sync.exchange(), bytes))
                            .orElseGet(() -> core.syncFailed(localTime(), sync.exchange())));
                }
            });
        });
    }

    private void input(java.util.function.Supplier<List<SwimEffect>> call) {
        if (up && !frozen) {
            run(call.get());
        }
    }

    private void schedule() {
        Optional<Duration> next = core.nextDeadline();
        if (next.isEmpty()) {
            return;
        }
        due = startedAt + next.get().toNanos() - clockOffset;
        if (due < scheduledTick) {
            scheduledTick = Math.max(due, simulation.now());
            Swim scheduled = core;
            long at = scheduledTick;
            simulation.at(at, () -> {
                if (core == scheduled && scheduledTick == at) {
                    scheduledTick = Long.MAX_VALUE;
                    if (up && !frozen && due > at) {
                        // What it was for has been cancelled since, as most deadlines are.
                        schedule();
                    } else if (up && !frozen) {
                        tick();
                    }
                }
            });
        }
    }

    private void remember() {
        maxIncarnation = Math.max(maxIncarnation, core.self().incarnation());
    }

    Duration localTime() {
        return Duration.ofNanos(simulation.now() - startedAt + clockOffset);
    }

    MemberState holds(SimNode subject) {
        int at = core.table().findNode(subject.nodeId);
        return at < 0 ? null : core.table().state(at);
    }

    String nodeId() {
        return nodeId;
    }

    Endpoint address() {
        return address;
    }

    Swim core() {
        return core;
    }

    boolean up() {
        return up;
    }

    boolean frozen() {
        return frozen;
    }

    boolean blocked() {
        return blocked;
    }

    boolean refuses() {
        return refuses;
    }

    boolean tcpShut() {
        return tcpShut;
    }

    long maxIncarnation() {
        return maxIncarnation;
    }

    long bytesSent() {
        return bytesSent;
    }

    long packetsSent() {
        return packetsSent;
    }

    Map<Envelope.Reason, Integer> refused() {
        return refused;
    }

    /** Takes other keys at once, as when the mounted file changes. */
    void rekey(GossipKeyring keys) {
        if (envelope instanceof SealedEnvelope sealed) {
            sealed.use(keys);
        }
    }

    String clusterName() {
        return clusterName;
    }

    long syncBytes() {
        return syncBytes;
    }

    @Override
    public String toString() {
        return nodeId;
    }
}
