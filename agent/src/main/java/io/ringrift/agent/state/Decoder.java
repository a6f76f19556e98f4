package io.ringrift.agent.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32;

/**
 * Reads what {@link Encoder} wrote. Whatever else it is given ends in an {@link IOException}, never in another exception, and never
 * takes memory for what is not there.
 */
final class Decoder {
    /** The longest text or byte string. */
    static final int MAX_BYTES = 8 << 20;

    private static final int PIECE = 8_192;

    private final Optional<Source> source;
    private final CRC32 checksum = new CRC32();
    private byte[] buffer;
    private int at;
    private int end;

    Decoder(byte[] bytes) {
        this.source = Optional.empty();
        this.buffer = bytes;
        this.end = bytes.length;
    }

    Decoder(Source source) {
        this.source = Optional.of(source);
        this.buffer = new byte[PIECE];
    }

    /** What reads one element of many. */
    @FunctionalInterface
    interface Each<T> {
        T read(Decoder in) throws IOException;
    }

    static IOException malformed(String what) {
        return new IOException("malformed: " + what);
    }

    int tag() throws IOException {
        if (at == end) {
            fill();
        }
        return buffer[at++] & 0xFF;
    }

    /** A tag below {@code end}. */
    int tag(int end, String what) throws IOException {
        int tag = tag();
        if (tag >= end) {
            throw malformed(what + " " + tag);
        }
        return tag;
    }

    long number() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int next = tag();
            value |= (long) (next & 0x7F) << shift;
            if ((next & 0x80) == 0) {
                return value;
            }
        }
        throw malformed("a number of more than 63 bits");
    }

    int number(int max) throws IOException {
        long value = number();
        if (value > max) {
            throw malformed(value + " where at most " + max + " is allowed");
        }
        return (int) value;
    }

    OptionalLong optionalNumber() throws IOException {
        return flag() ? OptionalLong.of(number()) : OptionalLong.empty();
    }

    byte[] bytes() throws IOException {
        int length = number(MAX_BYTES);
        if (length <= end - at) {
            at += length;
            return Arrays.copyOfRange(buffer, at - length, at);
        }
        byte[] bytes = new byte[Math.min(length, PIECE)];
        for (int have = 0; have < length; ) {
            if (at == end) {
                fill();
            }
            int piece = Math.min(length - have, end - at);
            if (have + piece > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(length, Math.max(have + piece, bytes.length * 2)));
            }
            System.arraycopy(buffer, at, bytes, have, piece);
            at += piece;
            have += piece;
        }
        return bytes;
    }

    String text() throws IOException {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    Optional<String> optionalText() throws IOException {
        return flag() ? Optional.of(text()) : Optional.empty();
    }

    List<String> texts() throws IOException {
        return many(Decoder::text);
    }

    <T> List<T> many(Each<T> each) throws IOException {
        long count = number();
        List<T> values = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            values.add(each.read(this));
        }
        return values;
    }

    /** Fails unless the checksum of everything before stands here, and nothing behind it. */
    void finish() throws IOException {
        checksum.update(buffer, 0, at);
        long sum = checksum.getValue();
        if (number() != sum) {
            throw malformed("the checksum differs");
        }
        end();
    }

    /** Fails unless all was read. */
    void end() throws IOException {
        if (at < end || (source.isPresent() && source.get().read(new byte[1], 0, 1) > 0)) {
            throw malformed("there is more behind the end");
        }
    }

    private void fill() throws IOException {
        if (source.isEmpty()) {
            throw malformed("it ends too early");
        }
        checksum.update(buffer, 0, end);
        at = 0;
        end = Math.max(0, source.get().read(buffer, 0, buffer.length));
        if (end == 0) {
            throw malformed("it ends too early");
        }
    }

    boolean flag() throws IOException {
        return switch (tag()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw malformed("neither yes nor no");
        };
    }
}
