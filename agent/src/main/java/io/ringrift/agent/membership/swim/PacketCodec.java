package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.MemberState;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Packets on the wire: header, view hash, message, updates. Stateless; see {@code docs/swim-wire.md}. */
final class PacketCodec {
    private static final int LARGEST_ENTRY = 160;

    private PacketCodec() {}

    /** What decoding came to. */
    sealed interface Decoded {
        record Good(Packet packet) implements Decoded {}

        record Bad(Drop reason) implements Decoded {}
    }

    static void writeHeader(WireWriter out, int type, int clusterTag, long source, long destination) {
        out.u8(Wire.MAGIC);
        out.u8(Wire.VERSION);
        out.u8(type);
        out.u8(0);
        out.u32(clusterTag);
        out.u64(source);
        out.u64(destination);
    }

    /** Header, view hash and message; updates may follow up to the writer's limit. */
    static void write(WireWriter out, int clusterTag, long source, long destination, long viewHash, Message message) {
        writeHeader(out, type(message), clusterTag, source, destination);
        out.u64(viewHash);
        switch (message) {
            case Message.Ping m -> out.varint(m.number());
            case Message.Ack m -> out.varint(m.number());
            case Message.Nack m -> out.varint(m.number());
            case Message.PingRequest m -> writeErrand(out, m.number(), m.target(), m.at(), m.budgetMillis());
            case Message.WitnessRequest m -> writeErrand(out, m.number(), m.subject(), m.at(), m.budgetMillis());
            case Message.WitnessReply m -> {
                out.varint(m.number());
                out.u8(m.answered() ? 1 : 0);
            }
            case Message.Gossip _ -> {}
            case Message.Join m -> writeMember(out, m.member());
            case Message.JoinAck m -> writeMember(out, m.member());
            case Message.NotMe m -> writeMember(out, m.member());
            case Message.LeaveAck m -> out.varint(m.incarnation());
            case Message.SyncDigest m -> {
                for (long bucket : m.buckets()) {
                    out.u64(bucket);
                }
            }
            case Message.SyncAnswer m -> {
                for (int i = 0; i < MemberTable.BUCKETS; i += 8) {
                    out.u8(octet(m.differing(), i));
                }
                writeEntries(out, m.entries());
            }
            case Message.SyncPush m -> writeEntries(out, m.entries());
        }
    }

    /** Total: any input at all yields a packet or the reason why it is none. */
    static Decoded read(byte[] bytes, int clusterTag) {
        WireReader in = new WireReader(bytes);
        if (bytes.length < Wire.HEADER || in.u8() != Wire.MAGIC) {
            return new Decoded.Bad(Drop.MALFORMED);
        }
        if (in.u8() != Wire.VERSION) {
            return new Decoded.Bad(Drop.UNKNOWN_VERSION);
        }
        int type = in.u8();
        int flags = in.u8();
        if (in.u32() != clusterTag) {
            return new Decoded.Bad(Drop.FOREIGN_CLUSTER);
        }
        long source = in.u64();
        long destination = in.u64();
        long viewHash = in.u64();
        Optional<Message> message = readMessage(in, type);
        boolean exchange = type == Wire.SYNC_DIGEST || type == Wire.SYNC_ANSWER || type == Wire.SYNC_PUSH;
        List<Update> updates = exchange ? List.of() : UpdateCodec.readAll(in);
        if (in.bad() || flags != 0 || source == 0 || message.isEmpty() || in.remaining() > 0) {
            return new Decoded.Bad(Drop.MALFORMED);
        }
        return new Decoded.Good(new Packet(source, destination, viewHash, message.get(), updates));
    }

    private static int type(Message message) {
        return switch (message) {
            case Message.Ping _ -> Wire.PING;
            case Message.Ack _ -> Wire.ACK;
            case Message.PingRequest _ -> Wire.PING_REQUEST;
            case Message.Nack _ -> Wire.NACK;
            case Message.WitnessRequest _ -> Wire.WITNESS_REQUEST;
            case Message.WitnessReply _ -> Wire.WITNESS_REPLY;
            case Message.Gossip _ -> Wire.GOSSIP;
            case Message.Join _ -> Wire.JOIN;
            case Message.JoinAck _ -> Wire.JOIN_ACK;
            case Message.NotMe _ -> Wire.NOT_ME;
            case Message.LeaveAck _ -> Wire.LEAVE_ACK;
            case Message.SyncDigest _ -> Wire.SYNC_DIGEST;
            case Message.SyncAnswer _ -> Wire.SYNC_ANSWER;
            case Message.SyncPush _ -> Wire.SYNC_PUSH;
        };
    }

    private static Optional<Message> readMessage(WireReader in, int type) {
        return switch (type) {
            case Wire.PING -> Optional.of(new Message.Ping(number(in)));
            case Wire.ACK -> Optional.of(new Message.Ack(number(in)));
            case Wire.NACK -> Optional.of(new Message.Nack(number(in)));
            case Wire.PING_REQUEST -> {
                long number = number(in);
                long target = in.u64();
                yield RecordCodec.readEndpoint(in).map(at -> new Message.PingRequest(number, target, at, in.u16()));
            }
            case Wire.WITNESS_REQUEST -> {
                long number = number(in);
                long subject = in.u64();
                yield RecordCodec.readEndpoint(in).map(at -> new Message.WitnessRequest(number, subject, at, in.u16()));
            }
            case Wire.WITNESS_REPLY -> Optional.of(new Message.WitnessReply(number(in), in.u8() == 1));
            case Wire.GOSSIP -> Optional.of(new Message.Gossip());
            case Wire.JOIN -> readMember(in).map(Message.Join::new);
            case Wire.JOIN_ACK -> readMember(in).map(Message.JoinAck::new);
            case Wire.NOT_ME -> readMember(in).map(Message.NotMe::new);
            case Wire.LEAVE_ACK -> Optional.of(new Message.LeaveAck(in.varint(MemberRecord.MAX_INCARNATION)));
            case Wire.SYNC_DIGEST -> Optional.of(readDigest(in));
            case Wire.SYNC_ANSWER -> {
                BitSet differing = readBits(in);
                yield Optional.of(new Message.SyncAnswer(differing, readEntries(in)));
            }
            case Wire.SYNC_PUSH -> Optional.of(new Message.SyncPush(readEntries(in)));
            default -> Optional.empty();
        };
    }

    private static void writeErrand(WireWriter out, long number, long target, Endpoint at, int budgetMillis) {
        out.varint(number);
        out.u64(target);
        RecordCodec.write(out, at);
        out.u16(budgetMillis);
    }

    /** Stops before the limit: what does not fit differs again at the next exchange. */
    private static void writeEntries(WireWriter out, List<Message.Entry> entries) {
        for (Message.Entry entry : entries) {
            if (out.remaining() < LARGEST_ENTRY) {
                return;
            }
            writeMember(out, entry.member());
            out.u8(
                    switch (entry.state()) {
                        case ALIVE, SUSPECTED -> Wire.ALIVE;
                        case FAILED -> Wire.FAILED;
                        case LEFT -> Wire.LEFT;
                    });
            out.varint(entry.ageSeconds());
        }
    }

    private static List<Message.Entry> readEntries(WireReader in) {
        List<Message.Entry> entries = new ArrayList<>();
        while (in.remaining() > 0) {
            Optional<MemberRecord> member = readMember(in);
            int state = in.u8();
            long age = in.varint(Integer.MAX_VALUE);
            if (member.isEmpty() || in.bad()) {
                in.fail();
                return List.of();
            }
            MemberState held = switch (state) {
                case Wire.FAILED -> MemberState.FAILED;
                case Wire.LEFT -> MemberState.LEFT;
                default -> MemberState.ALIVE;
            };
            entries.add(new Message.Entry(member.get(), held, age));
        }
        return entries;
    }

    /** In the form of an ALIVE update, whose length lets a later version say more. */
    private static void writeMember(WireWriter out, MemberRecord member) {
        out.bytes(UpdateCodec.encode(new Update.Alive(member)));
    }

    private static Optional<MemberRecord> readMember(WireReader in) {
        int kind = in.u8();
        int outer = in.enter(in.u8());
        Optional<MemberRecord> member = kind == Wire.ALIVE ? RecordCodec.read(in) : Optional.empty();
        in.leave(outer);
        return member;
    }

    private static Message readDigest(WireReader in) {
        long[] buckets = new long[MemberTable.BUCKETS];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = in.u64();
        }
        return new Message.SyncDigest(buckets);
    }

    private static BitSet readBits(WireReader in) {
        BitSet bits = new BitSet(MemberTable.BUCKETS);
        for (int i = 0; i < MemberTable.BUCKETS; i += 8) {
            int octet = in.u8();
            for (int bit = 0; bit < 8; bit++) {
                bits.set(i + bit, (octet >>> bit & 1) == 1);
            }
        }
        return bits;
    }

    private static int octet(BitSet bits, int from) {
        int octet = 0;
        for (int bit = 0; bit < 8; bit++) {
            octet |= bits.get(from + bit) ? 1 << bit : 0;
        }
        return octet;
    }

    private static long number(WireReader in) {
        return in.varint(Long.MAX_VALUE >> 1);
    }
}
