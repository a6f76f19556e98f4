package io.ringrift.agent.membership.swim;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes big-endian fields and varints into a buffer that grows up to a fixed limit; callers check {@link #remaining} first. */
final class WireWriter {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final int limit;
    private byte[] buffer;
    private int position;

    WireWriter(int limit) {
        this.limit = limit;
        this.buffer = new byte[Math.min(limit, 2048)];
    }

    int remaining() {
        return limit - position;
    }

    void reset() {
        position = 0;
    }

    byte[] toBytes() {
        return Arrays.copyOf(buffer, position);
    }

    void u8(int value) {
        reserve(1);
        buffer[position++] = (byte) value;
    }

    void u16(int value) {
        u8(value >>> 8);
        u8(value);
    }

    void u32(int value) {
        u16(value >>> 16);
        u16(value);
    }

    void u64(long value) {
        reserve(8);
        LONG.set(buffer, position, value);
        position += 8;
    }

    /** Seven bits a byte, lowest first, the top bit says that another byte follows; value >= 0. */
    void varint(long value) {
        long rest = value;
        while (rest > 0x7F) {
            u8((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        u8((int) rest);
    }

    void bytes(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, buffer, position, value.length);
        position += value.length;
    }

    static int varintSize(long value) {
        return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
    }

    private void reserve(int count) {
        if (count > remaining()) {
            throw new IllegalStateException("packet over its limit of " + limit + " bytes");
        }
        if (position + count > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(limit, Math.max(buffer.length * 2, position + count)));
        }
    }
}
