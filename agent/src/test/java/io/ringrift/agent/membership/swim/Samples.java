package io.ringrift.agent.membership.swim;

import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.membership.Member.Modes;
import io.ringrift.agent.membership.MemberState;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** Members, updates and messages to test with: fixed ones, and random ones from a seed. */
final class Samples {
    static final MemberRecord DEMO_0 = member("demo-0", 7, 1_700_000_000_000L, Endpoint.ofIpv4(0x0A00_0007, 7947));
    static final MemberRecord DEMO_1 =
            member("demo-1", 9, 1_700_000_000_001L, new Endpoint(0xFD00_0000_0000_0000L, 9, 7947));

    private Samples() {}

    static MemberRecord member(String nodeId, int boot, long incarnation, Endpoint endpoint) {
        return new MemberRecord(
                nodeId,
                MemberRecord.instanceOf(nodeId, boot),
                incarnation,
                endpoint,
                8770,
                4321,
                Optional.of(new Modes(MembershipMode.HYBRID, ConsensusMode.BULLY, OptionalLong.of(12))),
                Wire.VERSION);
    }

    static MemberRecord member(int number, long incarnation) {
        return member("node-" + number, number + 1, incarnation, Endpoint.ofIpv4(0x0A00_0000 + number + 1, 7947));
    }

    static MemberRecord member(SplittableRandom random) {
        String nodeId = text(random, 1 + random.nextInt(MemberRecord.MAX_NODE_ID));
        return new MemberRecord(
                nodeId,
                MemberRecord.instanceOf(nodeId, random.nextInt()),
                random.nextLong(MemberRecord.MAX_INCARNATION + 1),
                endpoint(random),
                1 + random.nextInt(65_535),
                1 + random.nextInt(65_535),
                random.nextBoolean() ? Optional.empty() : Optional.of(modes(random)),
                1 + random.nextInt(255));
    }

    /** Longest name, longest address, longest numbers. */
    static MemberRecord largest() {
        String name = "n".repeat(MemberRecord.MAX_NODE_ID);
        return new MemberRecord(
                name,
                MemberRecord.instanceOf(name, -1),
                MemberRecord.MAX_INCARNATION,
                new Endpoint(-1, -1, 65_535),
                65_535,
                65_535,
                Optional.of(
                        new Modes(MembershipMode.HYBRID, ConsensusMode.HYBRID, OptionalLong.of(Long.MAX_VALUE >> 2))),
                255);
    }

    static Update update(SplittableRandom random) {
        long incarnation = random.nextLong(MemberRecord.MAX_INCARNATION + 1);
        return switch (random.nextInt(4)) {
            case 0 -> new Update.Alive(member(random));
            case 1 -> {
                List<Long> accusers = new ArrayList<>();
                for (int i = random.nextInt(Suspicion.MAX_ACCUSERS + 1); i > 0; i--) {
                    accusers.add(random.nextLong());
                }
                yield new Update.Suspect(random.nextLong(), incarnation, accusers);
            }
            case 2 -> new Update.Failed(random.nextLong(), incarnation, random.nextLong());
            default -> new Update.Left(random.nextLong(), incarnation);
        };
    }

    static Message message(SplittableRandom random) {
        long number = random.nextLong(Long.MAX_VALUE >> random.nextInt(1, 60));
        int budget = random.nextInt(65_536);
        return switch (random.nextInt(14)) {
            case 0 -> new Message.Ping(number);
            case 1 -> new Message.Ack(number);
            case 2 -> new Message.PingRequest(number, random.nextLong(), endpoint(random), budget);
            case 3 -> new Message.Nack(number);
            case 4 -> new Message.WitnessRequest(number, random.nextLong(), endpoint(random), budget);
            case 5 -> new Message.WitnessReply(number, random.nextBoolean());
            case 6 -> new Message.Gossip();
            case 7 -> new Message.Join(member(random));
            case 8 -> new Message.JoinAck(member(random));
            case 9 -> new Message.NotMe(member(random));
            case 10 -> new Message.LeaveAck(random.nextLong(MemberRecord.MAX_INCARNATION + 1));
            case 11 -> new Message.SyncDigest(random.longs(MemberTable.BUCKETS).toArray());
            case 12 -> new Message.SyncAnswer(bits(random), entries(random));
            default -> new Message.SyncPush(entries(random));
        };
    }

    static byte[] encode(int tag, long source, long destination, long viewHash, Message message, List<Update> updates) {
        WireWriter out = new WireWriter(Wire.MAX_SYNC);
        PacketCodec.write(out, tag, source, destination, viewHash, message);
        updates.forEach(update -> out.bytes(UpdateCodec.encode(update)));
        return out.toBytes();
    }

    static List<Update> updatesIn(byte[] packet) {
        return switch (PacketCodec.read(packet, Swim.clusterTag(Simulation.CLUSTER))) {
            case PacketCodec.Decoded.Good good -> good.packet().updates();
            case PacketCodec.Decoded.Bad bad -> throw new AssertionError(bad);
        };
    }

    private static List<Message.Entry> entries(SplittableRandom random) {
        List<Message.Entry> entries = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            MemberState state = switch (random.nextInt(3)) {
                case 0 -> MemberState.ALIVE;
                case 1 -> MemberState.FAILED;
                default -> MemberState.LEFT;
            };
            entries.add(new Message.Entry(member(random), state, random.nextInt(Integer.MAX_VALUE)));
        }
        return entries;
    }

    private static BitSet bits(SplittableRandom random) {
        BitSet bits = new BitSet(MemberTable.BUCKETS);
        for (int i = 0; i < MemberTable.BUCKETS; i++) {
            bits.set(i, random.nextBoolean());
        }
        return bits;
    }

    private static Endpoint endpoint(SplittableRandom random) {
        int port = 1 + random.nextInt(65_535);
        return random.nextBoolean()
                ? Endpoint.ofIpv4(random.nextInt(), port)
                : new Endpoint(random.nextLong() | 1, random.nextLong(), port);
    }

    private static Modes modes(SplittableRandom random) {
        return new Modes(
                MembershipMode.values()[random.nextInt(3)],
                ConsensusMode.values()[random.nextInt(3)],
                random.nextBoolean()
                        ? OptionalLong.empty()
                        : OptionalLong.of(random.nextLong(1L << random.nextInt(1, 61))));
    }

    private static String text(SplittableRandom random, int length) {
        String allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(allowed.charAt(random.nextInt(allowed.length())));
        }
        return text.toString();
    }
}
