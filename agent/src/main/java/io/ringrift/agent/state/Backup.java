package io.ringrift.agent.state;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A backup: a snapshot of what users put in, compressed; without leaders and without what is remembered for retries. */
public final class Backup {
    /** The largest one that can be restored. */
    public static final int MAX_BYTES = 16 << 20;

    private Backup() {}

    /** What is in {@code state} now. */
    public static byte[] of(ReplicatedState state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 << 10);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes, 8_192)) {
            state.writeBackup(out::write);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What a backup in pieces holds; it fails beyond what any state may hold, whatever it was compressed to. */
    static Source source(List<byte[]> pieces) throws IOException {
        Source compressed = Pieces.source(pieces);
        InputStream in = new GZIPInputStream(
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        byte[] one = new byte[1];
                        return compressed.read(one, 0, 1) < 1 ? -1 : one[0] & 0xFF;
                    }

                    @Override
                    public int read(byte[] to, int from, int length) throws IOException {
                        return compressed.read(to, from, length);
                    }
                },
                8_192);
        long[] left = {Budget.MAX_BYTES};
        return (to, from, length) -> {
            int count = in.read(to, from, length);
            left[0] -= Math.max(0, count);
            if (left[0] < 0) {
                throw Decoder.malformed("more than " + Budget.MAX_BYTES + " bytes");
            }
            return count;
        };
    }
}
