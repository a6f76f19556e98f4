package io.ringrift.agent.membership.swim;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link WireWriter} writes from input that nobody vouches for. It never throws: reading past the end or a value
 * out of range marks it {@link #bad} and yields zeros, and the caller asks once at the end.
 */
final class WireReader {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] input;
    private int position;
    private int end;
    private boolean bad;

    WireReader(byte[] input) {
        this.input = input;
        this.end = input.length;
    }

    boolean bad() {
        return bad;
    }

    void fail() {
        bad = true;
        position = end;
    }

    int remaining() {
        return end - position;
    }

    int u8() {
        return has(1) ? input[position++] & 0xFF : 0;
    }

    int u16() {
        return u8() << 8 | u8();
    }

    int u32() {
        return u16() << 16 | u16();
    }

    long u64() {
        if (!has(8)) {
            return 0;
        }
        long value = (long) LONG.get(input, position);
        position += 8;
        return value;
    }

    /** A varint of at most {@code max}; the shortest form is the only one taken. */
    long varint(long max) {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                if (value > max || next == 0 && shift > 0) {
                    fail();
                }
                return bad ? 0 : value;
            }
        }
        fail();
        return 0;
    }

    /** {@code length} bytes of ASCII. */
    String text(int length) {
        if (!has(length)) {
            return "";
        }
        String value = new String(input, position, length, StandardCharsets.US_ASCII);
        position += length;
        return value;
    }

    /** Narrows the input to the next {@code length} bytes; {@link #leave} skips what is left of them. Returns the outer end. */
    int enter(int length) {
        int outer = end;
        if (has(length)) {
            end = position + length;
        }
        return outer;
    }

    void leave(int outer) {
        if (!bad) {
            position = end;
        }
        end = outer;
        if (bad) {
            position = end;
        }
    }

    private boolean has(int count) {
        if (count > end - position) {
            fail();
            return false;
        }
        return true;
    }
}
