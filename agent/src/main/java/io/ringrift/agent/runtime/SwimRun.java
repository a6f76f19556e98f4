package io.ringrift.agent.runtime;

import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.Member.Modes;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.Verdict;
import io.ringrift.agent.membership.swim.Endpoint;
import io.ringrift.agent.membership.swim.Swim;
import io.ringrift.agent.membership.swim.SwimEffect;
import io.ringrift.agent.membership.swim.SwimSettings;
import io.ringrift.agent.membership.swim.SwimStatus;
import io.ringrift.agent.membership.swim.SyncAnswer;
import io.ringrift.agent.membership.swim.WhyEntry;
import io.ringrift.agent.membership.swim.Wire;
import io.ringrift.agent.security.Envelope;
import io.ringrift.agent.telemetry.RateLimitedLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One life of the protocol, from an open socket to the goodbye: hands it packets, answers and the time, and carries out what it
 * wants. On one context's thread only.
 */
final class SwimRun {
    /** A timer that fires so late means that more may have been late: the socket is emptied before anything is judged. */
    private static final Duration HICCUP = Duration.ofMillis(5);

    /** How long that may take: less than what the protocol itself takes for a pause. */
    private static final Duration DRAIN = Duration.ofMillis(20);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Swim core;
    private final SwimSocket socket;
    private final Envelope envelope;
    private final SwimTcp tcp;
    private final Supplier<Duration> clock;
    private final SwimCounters counters;
    private final Hearing hearing;
    private final RateLimitedLog log;
    private final Runnable changed;
    private final int clusterTag;
    private final Promise<Void> left = Promise.promise();
    private SwimSettings settings;
    private SwimStatus counted;
    private Optional<String> trouble = Optional.empty();
    private boolean isolated;
    private boolean dirty = true;
    private boolean closed;
    private boolean draining;
    private long timer = -1;
    private Duration timerAt;

    /**
     * What a run is made of.
     *
     * @param changed called when {@link #verdicts} or {@link #trouble} may say another thing
     */
    record Parts(
            Vertx vertx,
            Swim core,
            SwimSettings settings,
            int clusterTag,
            SwimSocket socket,
            Envelope envelope,
            SwimTcp tcp,
            Supplier<Duration> clock,
            SwimCounters counters,
            Hearing hearing,
            RateLimitedLog log,
            Runnable changed) {}

    SwimRun(Parts parts) {
        vertx = parts.vertx;
        core = parts.core;
        settings = parts.settings;
        clusterTag = parts.clusterTag;
        socket = parts.socket;
        envelope = parts.envelope;
        tcp = parts.tcp;
        clock = parts.clock;
        counters = parts.counters;
        hearing = parts.hearing;
        log = parts.log;
        changed = parts.changed;
        counted = core.status();
        schedule();
    }

    /** A datagram came in. */
    void datagram(Endpoint from, byte[] datagram) {
        counters.received();
        switch (envelope.open(datagram)) {
            case Envelope.Opened.Refused(Envelope.Reason reason) -> {
                counters.refused(reason);
                hearing.refused(reason, clock.get());
            }
            case Envelope.Opened.Packet(byte[] packet) -> {
                if (isOfAnotherMember(packet)) {
                    hearing.heard(clock.get());
                }
                input(now -> core.packet(now, from, packet));
            }
        }
    }

    /** A peer's request of the full-state exchange; empty where it is none for this instance. */
    Optional<byte[]> syncRequested(byte[] body) {
        SyncAnswer answer = core.syncRequested(clock.get(), body);
        input(now -> answer.effects());
        return answer.body();
    }

    void join(List<Endpoint> seeds, boolean expected) {
        hearing.expect(expected, clock.get());
        input(now -> core.join(now, seeds));
    }

    void configure(SwimSettings changedSettings, Modes modes) {
        settings = changedSettings;
        input(now -> core.configure(now, changedSettings, Optional.of(modes)));
    }

    /** Says goodbye; done when enough members have heard it, or after a ping interval. */
    Future<Void> leave() {
        input(core::leave);
        return left.future();
    }

    Future<Void> close() {
        closed = true;
        vertx.cancelTimer(timer);
        return socket.close();
    }

    String nodeId() {
        return core.self().nodeId();
    }

    long instance() {
        return core.self().instance();
    }

    long incarnation() {
        return core.self().incarnation();
    }

    boolean joined() {
        return core.status().joined();
    }

    /** Why it is not to be asked, in a sentence; empty while it may be. */
    Optional<String> trouble() {
        return trouble;
    }

    List<WhyEntry> why(String nodeId) {
        return core.why(nodeId);
    }

    /** Every member but this node. */
    List<Verdict> verdicts() {
        return core.members().stream()
                .filter(member -> !member.nodeId().equals(nodeId()))
                .map(this::verdict)
                .toList();
    }

    private Verdict verdict(Member member) {
        boolean accused = member.state() == MemberState.SUSPECTED || member.state() == MemberState.FAILED;
        return new Verdict(
                member.nodeId(),
                member.state(),
                member.since(),
                Member.Source.SWIM,
                false,
                member.address().map(Address::of),
                member.incarnation(),
                member.modes(),
                accused ? accusers(core.why(member.nodeId())) : List.of(),
                member.udpUnreachable());
    }

    /** Who held what led to the present state against it. */
    private static List<String> accusers(List<WhyEntry> steps) {
        Set<String> accusers = new LinkedHashSet<>();
        for (WhyEntry entry : steps) {
            switch (entry.step()) {
                case REFUTED, RESTARTED -> accusers.clear();
                case PROBE_FAILED, SUSPECTED, CONFIRMED, FAILED -> accusers.add(entry.by());
                case TCP_ONLY, BLAMED_SELF, CONTRADICTED, HELD, LEFT, ADDRESS_TAKEN -> {}
            }
        }
        return List.copyOf(accusers);
    }

    private boolean isOfAnotherMember(byte[] packet) {
        ByteBuffer header = ByteBuffer.wrap(packet);
        return header.getInt(Wire.CLUSTER_AT) == clusterTag
                && header.getLong(Wire.SOURCE_AT) != core.self().instance();
    }

    private interface Step {
        List<SwimEffect> at(Duration now);
    }

    private void input(Step step) {
        if (closed) {
            return;
        }
        try {
            step.at(clock.get()).forEach(this::carryOut);
        } catch (RuntimeException defect) {
            log.log(Level.ERROR, "swim", () -> "[SWIM] An input failed inside; the agent goes on: " + defect);
        }
        if (dirty) {
            dirty = false;
            changed.run();
        }
        schedule();
    }

    private void carryOut(SwimEffect effect) {
        switch (effect) {
            case SwimEffect.SendPacket(Endpoint to, byte[] packet) -> {
                counters.sent();
                socket.send(to, envelope.close(packet));
            }
            case SwimEffect.TcpProbe probe -> probe(probe);
            case SwimEffect.Sync sync -> sync(sync);
            case SwimEffect.MemberChanged _ -> dirty = true;
            case SwimEffect.Isolated(boolean now) -> isolated = now;
            case SwimEffect.PartitionSuspected(int suspected, int members) ->
                log.log(
                        Level.WARNING,
                        "partition",
                        () -> "[SWIM] " + suspected + " of " + members
                                + " members are suspected at once: a partition is likelier than their deaths");
            case SwimEffect.Superseded(Endpoint by) ->
                log.log(
                        Level.ERROR,
                        "superseded",
                        () -> "[SWIM] Another agent runs as " + nodeId() + " at " + by
                                + " and started later: node ids must be unique in the cluster");
            case SwimEffect.LeaveCompleted _ -> left.tryComplete();
        }
    }

    private void probe(SwimEffect.TcpProbe probe) {
        counters.probed();
        later(tcp.probe(probe), outcome -> input(now -> core.tcpProbeResult(now, probe.probe(), outcome.result())));
    }

    private void sync(SwimEffect.Sync sync) {
        counters.exchanged();
        later(
                tcp.sync(sync),
                answer -> input(now -> answer.succeeded()
                        ? core.syncAnswered(now, sync.exchange(), answer.result())
                        : core.syncFailed(now, sync.exchange())));
    }

    /** Hands on, on this run's thread, what the other loop did. */
    private <T> void later(Future<T> doing, Consumer<Future<T>> then) {
        var here = vertx.getOrCreateContext();
        doing.onComplete(done -> here.runOnContext(run -> then.accept(doing)));
    }

    private void schedule() {
        Duration next = core.nextDeadline().orElseGet(() -> clock.get().plus(settings.pingInterval()));
        if (closed || draining || next.equals(timerAt)) {
            return;
        }
        vertx.cancelTimer(timer);
        timerAt = next;
        long millis = Math.max(1, next.minus(clock.get()).plusNanos(999_999).toMillis());
        timer = vertx.setTimer(millis, fired -> due());
    }

    private void due() {
        Duration now = clock.get();
        Duration late = now.minus(timerAt);
        timerAt = null;
        if (late.compareTo(PAUSE) > 0) {
            hearing.forgive(now);
        }
        if (late.compareTo(HICCUP) > 0) {
            draining = true;
            drain(now.plus(DRAIN));
        } else {
            tick();
        }
    }

    /** Lets the loop read until the socket is empty. */
    private void drain(Duration until) {
        long before = socket.received();
        timer = vertx.setTimer(1, fired -> {
            boolean more = socket.received() - before >= SwimSocket.BATCH;
            if (more && clock.get().compareTo(until) < 0) {
                drain(until);
            } else {
                draining = false;
                tick();
            }
        });
    }

    private void tick() {
        input(core::tick);
        SwimStatus status = core.status();
        counters.took(counted, status);
        counted = status;
        Optional<String> now = judge(status);
        if (!now.equals(trouble)) {
            trouble = now;
            changed.run();
        }
    }

    private Optional<String> judge(SwimStatus status) {
        if (isolated) {
            return Optional.of("Nobody answers this node, neither over UDP nor over TCP: the fault is probably here");
        }
        return hearing.trouble(status.alive() > 1, settings.failureTimeout(), clock.get());
    }
}
