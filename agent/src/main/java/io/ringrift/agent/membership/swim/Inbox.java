package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.swim.PacketCodec.Decoded;
import java.util.Optional;
import java.util.function.Consumer;

/** What each packet means: who it is for, what it brings, what it asks. */
final class Inbox {
    /** Answers to packets for another instance, in each interval: they are larger than what they answer. */
    private static final int NOT_ME_LIMIT = 20;

    private final int clusterTag;
    private final Timers timers;
    private final LocalMember self;
    private final MemberTable table;
    private final Outbox outbox;
    private final Membership membership;
    private final Prober prober;
    private final Errands errands;
    private final Witnesses witnesses;
    private final AntiEntropy antiEntropy;
    private final Bootstrap bootstrap;
    private final Farewell farewell;
    private final LocalHealth health;
    private final Counters counters;
    private long notMeWindow;
    private int notMeSent;

    Inbox(
            int clusterTag,
            Timers timers,
            LocalMember self,
            MemberTable table,
            Outbox outbox,
            Membership membership,
            Prober prober,
            Errands errands,
            Witnesses witnesses,
            AntiEntropy antiEntropy,
            Bootstrap bootstrap,
            Farewell farewell,
            LocalHealth health,
            Counters counters) {
        this.clusterTag = clusterTag;
        this.timers = timers;
        this.self = self;
        this.table = table;
        this.outbox = outbox;
        this.membership = membership;
        this.prober = prober;
        this.errands = errands;
        this.witnesses = witnesses;
        this.antiEntropy = antiEntropy;
        this.bootstrap = bootstrap;
        this.farewell = farewell;
        this.health = health;
        this.counters = counters;
    }

    /** A packet of this cluster that is meant for this instance, or empty with the reason counted. */
    Optional<Packet> open(byte[] bytes, Consumer<Packet> forOthers) {
        return switch (PacketCodec.read(bytes, clusterTag)) {
            case Decoded.Bad bad -> dropped(bad.reason());
            case Decoded.Good(Packet packet) when packet.source() == self.instance() -> dropped(Drop.OWN);
            case Decoded.Good(Packet packet)
            when packet.destination() != self.instance() && !isJoin(packet) -> {
                forOthers.accept(packet);
                yield dropped(Drop.OTHER_INSTANCE);
            }
            case Decoded.Good(Packet packet) -> Optional.of(packet);
        };
    }

    void datagram(Endpoint from, byte[] bytes) {
        open(bytes, stray -> stray(from, stray)).ifPresent(packet -> take(from, packet));
    }

    private void stray(Endpoint from, Packet packet) {
        if (packet.message() instanceof Message.Ping) {
            notMe(from, packet.source());
        }
    }

    private void take(Endpoint from, Packet packet) {
        long source = packet.source();
        packet.updates().forEach(update -> membership.apply(update, source));
        int at = table.find(source);
        if (at >= 0) {
            health.heard(timers.now());
        }
        if (at >= 0 && table.isLive(at)) {
            bootstrap.heard();
            antiEntropy.observe(table.record(at), packet.viewHash());
        }
        switch (packet.message()) {
            case Message.Ping ping -> answer(from, source, at >= 0, new Message.Ack(ping.number()));
            case Message.Ack ack -> {
                if (!prober.acked(ack.number(), source)) {
                    errands.acked(ack.number(), source);
                }
            }
            case Message.Nack nack -> prober.nacked(nack.number(), source);
            case Message.PingRequest request -> ifMember(at, () -> errands.relay(request, source, from));
            case Message.WitnessRequest request -> ifMember(at, () -> errands.witness(request, source, from));
            case Message.WitnessReply reply -> witnesses.replied(reply.number(), source, reply.answered());
            case Message.Gossip _ -> goodbye(from, packet);
            case Message.Join join -> join(from, source, join.member());
            case Message.JoinAck ack -> welcomed(source, ack.member());
            case Message.NotMe notMe -> moved(from, source, notMe.member());
            case Message.LeaveAck _ -> farewell.acked(source);
            case Message.SyncDigest _, Message.SyncAnswer _, Message.SyncPush _ -> counters.drop(Drop.MALFORMED);
        }
    }

    private void answer(Endpoint to, long source, boolean known, Message message) {
        if (known) {
            outbox.send(to, source, message);
        } else {
            outbox.sendBare(to, source, message);
        }
    }

    private void ifMember(int at, Runnable errand) {
        if (at >= 0) {
            errand.run();
        }
    }

    private void goodbye(Endpoint from, Packet packet) {
        for (Update update : packet.updates()) {
            if (update instanceof Update.Left left && left.instance() == packet.source()) {
                outbox.sendBare(from, packet.source(), new Message.LeaveAck(left.incarnation()));
            }
        }
    }

    private void join(Endpoint from, long source, MemberRecord newcomer) {
        if (newcomer.instance() != source || self.leaving()) {
            return;
        }
        outbox.sendBare(from, source, new Message.JoinAck(self.record()));
        int at = table.find(source);
        if (at < 0 || table.record(at).incarnation() < newcomer.incarnation()) {
            errands.verify(newcomer, membership::welcome);
        } else if (!table.isLive(at)) {
            // It does not know yet that it was buried; the packet tells it.
            outbox.send(from, source, new Message.Gossip());
        }
    }

    private void welcomed(long source, MemberRecord seed) {
        if (seed.instance() != source) {
            return;
        }
        membership.alive(seed);
        bootstrap.heard();
        antiEntropy.exchange(seed);
    }

    /** Somebody else answers where a member was. */
    private void moved(Endpoint from, long source, MemberRecord present) {
        if (present.instance() != source) {
            return;
        }
        prober.addressTaken(from, present);
        if (present.endpoint().equals(from)) {
            membership.alive(present);
        }
    }

    private void notMe(Endpoint from, long source) {
        long window = timers.now() / 1_000_000_000L;
        if (window != notMeWindow) {
            notMeWindow = window;
            notMeSent = 0;
        }
        if (notMeSent++ < NOT_ME_LIMIT) {
            outbox.sendBare(from, source, new Message.NotMe(self.record()));
        }
    }

    private static boolean isJoin(Packet packet) {
        return packet.destination() == 0 && packet.message() instanceof Message.Join;
    }

    private Optional<Packet> dropped(Drop reason) {
        counters.drop(reason);
        return Optional.empty();
    }
}
