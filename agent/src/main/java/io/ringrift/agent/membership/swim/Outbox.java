package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Makes packets and collects the effects of one input. */
final class Outbox {
    private final int clusterTag;
    private final LocalMember self;
    private final MemberTable table;
    private final UpdateQueue queue;
    private final WireWriter scratch = new WireWriter(Wire.MAX_PACKET);
    private List<SwimEffect> effects = new ArrayList<>();
    private Predicate<MemberRecord> udpUnreachable = _ -> false;

    Outbox(int clusterTag, LocalMember self, MemberTable table, UpdateQueue queue) {
        this.clusterTag = clusterTag;
        this.self = self;
        this.table = table;
        this.queue = queue;
    }

    void udpUnreachable(Predicate<MemberRecord> test) {
        udpUnreachable = test;
    }

    List<SwimEffect> drain() {
        List<SwimEffect> done = effects;
        effects = new ArrayList<>();
        return done;
    }

    void add(SwimEffect effect) {
        effects.add(effect);
    }

    long viewHash() {
        return table.hash() + self.hash();
    }

    /** Sends to a member, with what is held against it first and then as much news as fits. */
    void send(MemberRecord to, Message message) {
        send(to.endpoint(), to.instance(), message);
    }

    void send(Endpoint to, long instance, Message message) {
        send(to, instance, message, false);
    }

    /** A packet of a gossip round: the only kind that counts as passing news on, and only if its receiver is thought to hear it. */
    void gossip(int at) {
        MemberRecord to = table.record(at);
        send(to.endpoint(), to.instance(), new Message.Gossip(), table.state(at) == MemberState.ALIVE);
    }

    private void send(Endpoint to, long instance, Message message, boolean counts) {
        begin(instance, message);
        int at = table.find(instance);
        if (at >= 0) {
            accusation(at).ifPresent(update -> scratch.bytes(UpdateCodec.encode(update)));
            queue.fill(scratch, counts);
        }
        effects.add(new SwimEffect.SendPacket(to, scratch.toBytes()));
    }

    /** Sends to a stranger: never more than the bare message, so that nobody can use this node to multiply traffic. */
    void sendBare(Endpoint to, long instance, Message message) {
        begin(instance, message);
        effects.add(new SwimEffect.SendPacket(to, scratch.toBytes()));
    }

    /** Sends one piece of news and nothing else. */
    void tell(MemberRecord to, Update update) {
        begin(to.instance(), new Message.Gossip());
        scratch.bytes(UpdateCodec.encode(update));
        effects.add(new SwimEffect.SendPacket(to.endpoint(), scratch.toBytes()));
    }

    void changed(SwimEffect.Change change, MemberRecord member, MemberState state, long since, String reason) {
        effects.add(new SwimEffect.MemberChanged(change, view(member, state, since), reason));
    }

    Member view(MemberRecord member, MemberState state, long since) {
        return new Member(
                member.nodeId(),
                state,
                Optional.of(member.http().toString()),
                member.incarnation(),
                Member.Source.SWIM,
                Duration.ofNanos(Math.max(0, since)),
                udpUnreachable.test(member),
                member.modes());
    }

    private void begin(long destination, Message message) {
        scratch.reset();
        PacketCodec.write(scratch, clusterTag, self.instance(), destination, viewHash(), message);
    }

    private Optional<Update> accusation(int at) {
        MemberRecord member = table.record(at);
        return switch (table.state(at)) {
            case SUSPECTED ->
                Optional.of(new Update.Suspect(member.instance(), member.incarnation(), List.of(self.instance())));
            case FAILED -> Optional.of(new Update.Failed(member.instance(), member.incarnation(), self.instance()));
            case ALIVE, LEFT -> Optional.empty();
        };
    }
}
