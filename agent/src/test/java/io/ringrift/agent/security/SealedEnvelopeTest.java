package io.ringrift.agent.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.membership.swim.Wire;
import io.ringrift.agent.security.Envelope.Opened;
import io.ringrift.agent.security.Envelope.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SealedEnvelopeTest {
    private final SealedEnvelope sender = new SealedEnvelope("default/demo", keys('a'), 1_000);
    private final SealedEnvelope receiver = new SealedEnvelope("default/demo", keys('a'), 5);

    @Test
    void whatIsSealedOpensOnce() {
        byte[] datagram = sender.close(packet(60));

        assertThat(datagram).hasSize(60 + Wire.MAX_ENVELOPE);
        assertThat(opened(receiver, datagram)).isEqualTo(packet(60));
        assertThat(receiver.open(datagram)).isEqualTo(new Opened.Refused(Reason.REPLAYED));
    }

    @Test
    void packetsThatOvertakeEachOtherAllOpen() {
        List<byte[]> datagrams = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            datagrams.add(sender.close(packet(40)));
        }
        Collections.shuffle(datagrams, new Random(1));

        assertThat(datagrams)
                .allSatisfy(datagram -> assertThat(receiver.open(datagram)).isInstanceOf(Opened.Packet.class));
        assertThat(datagrams)
                .allSatisfy(
                        datagram -> assertThat(receiver.open(datagram)).isEqualTo(new Opened.Refused(Reason.REPLAYED)));
    }

    @Test
    void whatIsOlderThanTheWindowIsRefused() {
        byte[] old = sender.close(packet(40));
        for (int i = 0; i < ReplayWindow.SIZE; i++) {
            receiver.open(sender.close(packet(40)));
        }

        assertThat(receiver.open(old)).isEqualTo(new Opened.Refused(Reason.REPLAYED));
    }

    @Test
    void anyChangedBitIsNoticed() {
        byte[] datagram = sender.close(packet(60));
        for (int bit = 0; bit < datagram.length * 8; bit++) {
            byte[] changed = datagram.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(receiver.open(changed)).as("bit %d", bit).isInstanceOf(Opened.Refused.class);
        }
        // A forged packet must not spoil the window for the real one.
        assertThat(receiver.open(datagram)).isInstanceOf(Opened.Packet.class);
    }

    @Test
    void anyInputIsTaken() {
        Random random = new Random(3);
        byte[] sealed = sender.close(packet(60));
        for (int i = 0; i < 50_000; i++) {
            byte[] input = Arrays.copyOf(sealed, random.nextInt(Wire.MAX_DATAGRAM + 20));
            if (input.length > 0) {
                input[random.nextInt(input.length)] ^= (byte) (1 + random.nextInt(255));
            }
            assertThat(receiver.open(input)).isInstanceOf(Opened.Refused.class);
        }
    }

    @Test
    void anotherClusterWithTheSameKeyIsAStranger() {
        SealedEnvelope other = new SealedEnvelope("default/other", keys('a'), 5);

        assertThat(other.open(sender.close(packet(40)))).isEqualTo(new Opened.Refused(Reason.NOT_AUTHENTIC));
    }

    @Test
    void aKeyIsChangedWithoutAGap() {
        // Each step reaches one of the two first; at every moment both ways must work.
        List<GossipKeyring> steps = List.of(keys('a'), keys('a', 'b'), keys('b', 'a'), keys('b'));
        for (GossipKeyring step : steps) {
            sender.use(step);
            assertBothWays();
            receiver.use(step);
            assertBothWays();
        }
        assertThat(new SealedEnvelope("default/demo", keys('a'), 5).open(sender.close(packet(40))))
                .isEqualTo(new Opened.Refused(Reason.UNKNOWN_KEY));
    }

    @Test
    void sealedAndPlainDoNotMix() {
        PlainEnvelope plain = new PlainEnvelope();

        assertThat(plain.open(sender.close(packet(40)))).isEqualTo(new Opened.Refused(Reason.SEALED));
        assertThat(receiver.open(plain.close(packet(40)))).isEqualTo(new Opened.Refused(Reason.NOT_SEALED));
        assertThat(opened(plain, plain.close(packet(40)))).isEqualTo(packet(40));
    }

    @Test
    void aPlainPacketWithAWrongChecksumIsRefused() {
        PlainEnvelope plain = new PlainEnvelope();
        byte[] datagram = plain.close(packet(40));
        datagram[30] ^= 1;

        assertThat(plain.open(datagram)).isEqualTo(new Opened.Refused(Reason.MALFORMED));
    }

    private void assertBothWays() {
        assertThat(receiver.open(sender.close(packet(40)))).isInstanceOf(Opened.Packet.class);
        assertThat(sender.open(receiver.close(packet(40, 2)))).isInstanceOf(Opened.Packet.class);
    }

    private static byte[] opened(Envelope envelope, byte[] datagram) {
        return ((Opened.Packet) envelope.open(datagram)).bytes();
    }

    private static byte[] packet(int length) {
        return packet(length, 1);
    }

    private static byte[] packet(int length, int source) {
        byte[] packet = new byte[length];
        for (int i = 0; i < length; i++) {
            packet[i] = (byte) i;
        }
        packet[Wire.FLAGS_AT] = 0;
        packet[Wire.SOURCE_AT] = (byte) source;
        return packet;
    }

    private static GossipKeyring keys(char... letters) {
        StringBuilder file = new StringBuilder();
        for (char letter : letters) {
            byte[] key = new byte[32];
            Arrays.fill(key, (byte) letter);
            file.append(Base64.getEncoder().encodeToString(key)).append('\n');
        }
        return GossipKeyring.parse(file.toString());
    }
}
