package io.ringrift.agent.security;

import io.ringrift.agent.membership.swim.Wire;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** No key: four bytes of CRC-32C behind the packet, against accidents and not against anybody. */
public final class PlainEnvelope implements Envelope {
    private static final int CHECKSUM = 4;

    @Override
    public byte[] close(byte[] packet) {
        return ByteBuffer.allocate(packet.length + CHECKSUM)
                .put(packet)
                .putInt(checksum(packet, packet.length))
                .array();
    }

    @Override
    public Opened open(byte[] datagram) {
        int length = datagram.length - CHECKSUM;
        if (length < Wire.HEADER || datagram.length > Wire.MAX_DATAGRAM) {
            return new Opened.Refused(Reason.MALFORMED);
        }
        if ((datagram[Wire.FLAGS_AT] & Wire.SEALED) != 0) {
            return new Opened.Refused(Reason.SEALED);
        }
        return ByteBuffer.wrap(datagram).getInt(length) == checksum(datagram, length)
                ? new Opened.Packet(Arrays.copyOf(datagram, length))
                : new Opened.Refused(Reason.MALFORMED);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
