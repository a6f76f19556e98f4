package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.MemberState;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds and mends differences between views. Every packet carries the hash of its sender's whole view; when it differs for a
 * while from this node's, the two exchange their state over TCP: hashes of {@link MemberTable#BUCKETS} buckets there, the members of the
 * buckets that differ back, then what the answer lacked. Equal views cost eight bytes a packet and nothing else.
 */
final class AntiEntropy {
    /** Exchanges that change nothing are repeated ever more slowly, up to this factor. */
    private static final int MAX_BACKOFF = 32;

    private static final long SECOND = 1_000_000_000L;
    /** An answer that comes later than this is not waited for, whatever became of the request. */
    private static final long PATIENCE = 30 * SECOND;

    private final Supplier<SwimSettings> settings;
    private final Timers timers;
    private final MemberTable table;
    private final LocalMember self;
    private final Outbox outbox;
    private final Membership membership;
    private final Errands errands;
    private final int clusterTag;
    private final Map<Long, Exchange> open = new HashMap<>();
    private long exchanges;
    private long nextAllowed = Long.MIN_VALUE;
    private long differsSince = Long.MAX_VALUE;
    private long hashSeen;
    private long hashSince;
    private int backoff = 1;

    /** An exchange that this node began. */
    private record Exchange(MemberRecord peer, Step step) {
        private enum Step {
            DIGEST,
            PUSH
        }
    }

    AntiEntropy(
            Supplier<SwimSettings> settings,
            Timers timers,
            MemberTable table,
            LocalMember self,
            Outbox outbox,
            Membership membership,
            Errands errands,
            int clusterTag) {
        this.settings = settings;
        this.timers = timers;
        this.table = table;
        this.self = self;
        this.outbox = outbox;
        this.membership = membership;
        this.errands = errands;
        this.clusterTag = clusterTag;
    }

    /** A known member's view hash came in. */
    void observe(MemberRecord peer, long theirs) {
        long ours = outbox.viewHash();
        if (ours != hashSeen) {
            hashSeen = ours;
            hashSince = timers.now();
            backoff = 1;
        }
        if (theirs == ours) {
            differsSince = Long.MAX_VALUE;
            return;
        }
        differsSince = Math.min(differsSince, timers.now());
        long delay = settings.get().syncDelay();
        boolean settled = timers.now() - hashSince >= delay;
        boolean lasting = timers.now() - differsSince >= delay;
        if (settled || lasting) {
            exchange(peer);
        }
    }

    /** Begins an exchange unless one was begun just now. */
    void exchange(MemberRecord peer) {
        if (timers.now() < nextAllowed || self.leaving()) {
            return;
        }
        nextAllowed = timers.now() + settings.get().syncInterval() * backoff;
        backoff = Math.min(MAX_BACKOFF, backoff * 2);
        request(peer, Exchange.Step.DIGEST, new Message.SyncDigest(buckets()));
    }

    /** Another member's request: what to answer. Empty where it is none that this node understands. */
    Optional<byte[]> requested(Packet packet) {
        return switch (packet.message()) {
            case Message.SyncDigest digest -> {
                BitSet differing = differing(digest.buckets());
                yield Optional.of(encode(packet.source(), new Message.SyncAnswer(differing, entries(differing))));
            }
            case Message.SyncPush push -> {
                learn(push.entries(), packet.source());
                yield Optional.of(encode(packet.source(), new Message.SyncAnswer(new BitSet(), List.of())));
            }
            default -> Optional.empty();
        };
    }

    /** The answer to a request of this node. */
    void answered(long number, Packet packet) {
        Exchange exchange = open.remove(number);
        if (exchange == null
                || packet.source() != exchange.peer().instance()
                || !(packet.message() instanceof Message.SyncAnswer answer)
                || exchange.step() == Exchange.Step.PUSH) {
            return;
        }
        learn(answer.entries(), packet.source());
        List<Message.Entry> lacking = lacking(answer);
        if (!lacking.isEmpty()) {
            request(exchange.peer(), Exchange.Step.PUSH, new Message.SyncPush(lacking));
        }
    }

    void failed(long number) {
        open.remove(number);
    }

    private void learn(List<Message.Entry> entries, long peer) {
        for (Message.Entry entry : entries) {
            boolean newcomer = entry.member().instance() == peer && table.find(peer) < 0;
            if (newcomer) {
                errands.verify(entry.member(), membership::welcome);
            } else {
                membership.learn(entry, peer);
            }
        }
    }

    /** What this node holds in the differing buckets and the other side does not. */
    private List<Message.Entry> lacking(Message.SyncAnswer answer) {
        Map<Long, Message.Entry> theirs = new HashMap<>();
        answer.entries().forEach(entry -> theirs.put(entry.member().instance(), entry));
        List<Message.Entry> lacking = new ArrayList<>();
        for (Message.Entry ours : entries(answer.differing())) {
            Message.Entry held = theirs.get(ours.member().instance());
            if (held == null
                    || held.member().incarnation() != ours.member().incarnation()
                    || held.state() != ours.state()) {
                lacking.add(ours);
            }
        }
        return lacking;
    }

    private BitSet differing(long[] theirs) {
        long[] ours = buckets();
        BitSet differing = new BitSet(MemberTable.BUCKETS);
        for (int i = 0; i < ours.length; i++) {
            differing.set(i, ours[i] != theirs[i]);
        }
        return differing;
    }

    private long[] buckets() {
        long[] buckets = new long[MemberTable.BUCKETS];
        buckets[MemberTable.bucketOf(self.instance())] += self.hash();
        for (int at = 0; at < table.size(); at++) {
            if (!table.isAged(at)) {
                MemberRecord member = table.record(at);
                buckets[MemberTable.bucketOf(member.instance())] += MemberTable.hashOf(member, table.state(at));
            }
        }
        return buckets;
    }

    private List<Message.Entry> entries(BitSet buckets) {
        List<Message.Entry> entries = new ArrayList<>();
        if (buckets.get(MemberTable.bucketOf(self.instance()))) {
            entries.add(new Message.Entry(self.record(), self.state(), 0));
        }
        for (int at = 0; at < table.size(); at++) {
            MemberRecord member = table.record(at);
            if (buckets.get(MemberTable.bucketOf(member.instance())) && !table.isAged(at)) {
                MemberState state = table.isLive(at) ? MemberState.ALIVE : table.state(at);
                long age = table.isLive(at) ? 0 : Math.max(0, (timers.wall() - table.since(at)) / SECOND);
                entries.add(new Message.Entry(member, state, age));
            }
        }
        return entries;
    }

    private void request(MemberRecord peer, Exchange.Step step, Message message) {
        long number = exchanges++;
        open.put(number, new Exchange(peer, step));
        timers.in(PATIENCE, () -> open.remove(number));
        outbox.add(new SwimEffect.Sync(number, peer.nodeId(), peer.http(), encode(peer.instance(), message)));
    }

    private byte[] encode(long destination, Message message) {
        WireWriter out = new WireWriter(Wire.MAX_SYNC);
        PacketCodec.write(out, clusterTag, self.instance(), destination, outbox.viewHash(), message);
        return out.toBytes();
    }
}
