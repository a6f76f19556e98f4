package io.ringrift.agent.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32;

/**
 * Writes entries, requests, answers and snapshots: numbers as varints, texts and bytes with their length in front. It either keeps
 * what it wrote, or hands it on to a sink piece by piece.
 */
final class Encoder {
    private static final int PIECE = 8_192;

    private final Optional<Sink> sink;
    private final CRC32 checksum = new CRC32();
    private byte[] buffer = new byte[64];
    private int length;

    Encoder() {
        this.sink = Optional.empty();
    }

    Encoder(Sink sink) {
        this.sink = Optional.of(sink);
    }

    /** What writes a part. */
    @FunctionalInterface
    interface Part {
        void write(Encoder out) throws IOException;
    }

    /** What writes one element of many. */
    @FunctionalInterface
    interface Each<T> {
        void write(Encoder out, T element) throws IOException;
    }

    static byte[] bytes(Part part) {
        Encoder out = new Encoder();
        try {
            part.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Arrays.copyOf(out.buffer, out.length);
    }

    Encoder tag(int value) throws IOException {
        room(1);
        buffer[length++] = (byte) value;
        return this;
    }

    /** A whole number of at least 0. */
    Encoder number(long value) throws IOException {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            tag((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        return tag((int) rest);
    }

    Encoder optional(OptionalLong value) throws IOException {
        return value.isPresent() ? tag(1).number(value.getAsLong()) : tag(0);
    }

    Encoder bytes(byte[] value) throws IOException {
        number(value.length);
        room(value.length);
        System.arraycopy(value, 0, buffer, length, value.length);
        length += value.length;
        return this;
    }

    Encoder text(String value) throws IOException {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    Encoder optional(Optional<String> value) throws IOException {
        return value.isPresent() ? tag(1).text(value.get()) : tag(0);
    }

    Encoder texts(Collection<String> values) throws IOException {
        return many(values, Encoder::text);
    }

    <T> Encoder many(Collection<T> values, Each<T> each) throws IOException {
        number(values.size());
        for (T value : values) {
            each.write(this, value);
        }
        return this;
    }

    /** Writes the checksum of everything before it, and hands on what is left. */
    void finish() throws IOException {
        flush();
        number(checksum.getValue());
        flush();
    }

    private void room(int more) throws IOException {
        if (sink.isPresent() && length >= PIECE) {
            flush();
        }
        if (length + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(length + more, buffer.length * 2));
        }
    }

    private void flush() throws IOException {
        checksum.update(buffer, 0, length);
        if (sink.isPresent()) {
            sink.get().write(buffer, 0, length);
            length = 0;
        }
    }
}
