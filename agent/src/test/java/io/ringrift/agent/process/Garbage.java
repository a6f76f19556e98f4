package io.ringrift.agent.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/** Datagrams that nobody should send: noise, noise with the right beginning, and noise with the right checksum. */
final class Garbage {
    private Garbage() {}

    /** Sends so many a second for so long; answers how many. */
    static long send(int port, int perSecond, Duration duration, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long sent = 0;
        try (DatagramSocket socket = new DatagramSocket()) {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            long start = System.nanoTime();
            while (System.nanoTime() - start < duration.toNanos()) {
                long due = (System.nanoTime() - start) * perSecond / 1_000_000_000L;
                while (sent < due) {
                    byte[] bytes = datagram(random);
                    socket.send(new DatagramPacket(bytes, bytes.length, loopback, port));
                    sent++;
                }
                LockSupport.parkNanos(1_000_000);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sent;
    }

    private static byte[] datagram(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(1, 1_400)];
        random.nextBytes(bytes);
        int kind = random.nextInt(3);
        if (kind > 0 && bytes.length > 32) {
            bytes[0] = (byte) 0xA7;
            bytes[1] = 1;
            bytes[2] = (byte) random.nextInt(16);
            bytes[3] = 0;
        }
        if (kind == 2 && bytes.length > 32 && bytes.length <= 1_200) {
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, bytes.length - 4);
            long sum = crc.getValue();
            for (int i = 0; i < 4; i++) {
                bytes[bytes.length - 4 + i] = (byte) (sum >>> (24 - 8 * i));
            }
        }
        return bytes;
    }
}
