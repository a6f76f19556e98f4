package io.ringrift.agent.membership.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.membership.swim.PacketCodec.Decoded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PacketCodecTest {
    private static final int TAG = Swim.clusterTag("default/demo");
    private static final int DATAGRAMS = Integer.getInteger("ringrift.swim.fuzz", 1_000_000);

    @Test
    void whatIsWrittenIsRead() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            Message message = Samples.message(random);
            List<Update> updates = new ArrayList<>();
            boolean exchange = message instanceof Message.SyncDigest
                    || message instanceof Message.SyncAnswer
                    || message instanceof Message.SyncPush;
            for (int u = exchange ? 0 : random.nextInt(6); u > 0; u--) {
                updates.add(Samples.update(random));
            }
            byte[] bytes = Samples.encode(TAG, 1 + i, i, i * 31L, message, updates);

            Decoded decoded = PacketCodec.read(bytes, TAG);

            assertThat(decoded).as("round %d: %s", i, message).isInstanceOf(Decoded.Good.class);
            Packet packet = ((Decoded.Good) decoded).packet();
            assertThat(Samples.encode(
                            TAG,
                            packet.source(),
                            packet.destination(),
                            packet.viewHash(),
                            packet.message(),
                            packet.updates()))
                    .isEqualTo(bytes);
            assertThat(packet.updates()).isEqualTo(updates);
        }
    }

    /** A million datagrams that nobody vouches for: noise, and real packets with bytes changed, cut, doubled and joined. */
    @Test
    void anyInputYieldsAPacketOrAReason() {
        SplittableRandom random = new SplittableRandom(2);
        List<byte[]> corpus = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            corpus.add(Samples.encode(
                    TAG,
                    random.nextLong() | 1,
                    random.nextLong(),
                    1,
                    Samples.message(random),
                    List.of(Samples.update(random))));
        }
        int good = 0;
        int bad = 0;
        for (int i = 0; i < DATAGRAMS; i++) {
            byte[] input = i % 10 == 0 ? noise(random) : mutated(corpus.get(random.nextInt(corpus.size())), random);
            try {
                switch (PacketCodec.read(input, TAG)) {
                    case Decoded.Good _ -> good++;
                    case Decoded.Bad _ -> bad++;
                }
            } catch (RuntimeException thrown) {
                throw new AssertionError("datagram " + i + " of seed 2: " + Arrays.toString(input), thrown);
            }
        }
        // Both outcomes must be common, or the mutations are too tame or too wild to prove anything.
        assertThat(good).isGreaterThan(DATAGRAMS / 100);
        assertThat(bad).isGreaterThan(DATAGRAMS / 10);
    }

    @Test
    void aStrangerIsToldApartFromAFault() {
        byte[] ping = Samples.encode(TAG, 1, 2, 3, new Message.Ping(4), List.of());
        byte[] newer = ping.clone();
        newer[1] = 2;

        assertThat(PacketCodec.read(ping, TAG + 1)).isEqualTo(new Decoded.Bad(Drop.FOREIGN_CLUSTER));
        assertThat(PacketCodec.read(newer, TAG)).isEqualTo(new Decoded.Bad(Drop.UNKNOWN_VERSION));
        assertThat(PacketCodec.read(Arrays.copyOf(ping, 30), TAG)).isEqualTo(new Decoded.Bad(Drop.MALFORMED));
        assertThat(PacketCodec.read(new byte[0], TAG)).isEqualTo(new Decoded.Bad(Drop.MALFORMED));
    }

    /** A later version may add kinds of news, and fields behind those that a record has today. */
    @Test
    void whatALaterVersionAddsIsSteppedOver() {
        byte[] ping = Samples.encode(TAG, 1, 2, 3, new Message.Ping(4), List.of());
        byte[] left = UpdateCodec.encode(new Update.Left(5, 6));
        byte[] unknown = {99, 3, 1, 2, 3};
        byte[] longer = Arrays.copyOf(left, left.length + 2);
        longer[1] += 2;

        byte[] packet = Arrays.copyOf(ping, ping.length + unknown.length + longer.length);
        System.arraycopy(unknown, 0, packet, ping.length, unknown.length);
        System.arraycopy(longer, 0, packet, ping.length + unknown.length, longer.length);

        assertThat(((Decoded.Good) PacketCodec.read(packet, TAG)).packet().updates())
                .containsExactly(new Update.Left(5, 6));
    }

    @Test
    void nobodyAccusesItself() {
        byte[] packet = Samples.encode(
                TAG, 1, 2, 3, new Message.Gossip(), List.of(new Update.Suspect(5, 6, List.of(5L, 7L, 7L))));

        assertThat(((Decoded.Good) PacketCodec.read(packet, TAG)).packet().updates())
                .containsExactly(new Update.Suspect(5, 6, List.of(7L)));
    }

    /** The sizes that the traffic figures stand on. */
    @Test
    void packetsAreSmall() {
        assertThat(Samples.encode(TAG, 1, 2, 3, new Message.Ping(100), List.of()))
                .hasSize(33);
        assertThat(UpdateCodec.encode(new Update.Failed(1, 1_700_000_000_000L, 2)))
                .hasSizeLessThanOrEqualTo(24);
        assertThat(UpdateCodec.encode(new Update.Alive(Samples.DEMO_0))).hasSizeLessThanOrEqualTo(48);
    }

    private static byte[] noise(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] mutated(byte[] original, SplittableRandom random) {
        byte[] bytes = original.clone();
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(40));
                // In the body, past what decides whose packet it is: most of the interesting faults.
                default -> bytes[Math.min(bytes.length - 1, 32 + random.nextInt(20))] = (byte) random.nextInt();
            }
        }
        return bytes;
    }
}
