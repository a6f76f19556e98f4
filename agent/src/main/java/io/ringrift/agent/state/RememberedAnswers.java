package io.ringrift.agent.state;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/** The answers to requests with an idempotency key of a client, each for the same time, so that the oldest is the first to go. */
final class RememberedAnswers {
    private static final int OVERHEAD = 150;
    private static final long KEEP_MILLIS = 600_000;
    private static final long MAX_BYTES = 8L << 20;

    private final LinkedHashMap<String, Remembered> byKey = new LinkedHashMap<>();
    private long bytes;

    /** @param fingerprint of the request: another one under the same key is a mistake of the client */
    private record Remembered(long fingerprint, byte[] answer, long atMillis) {
        long size(String key) {
            return OVERHEAD + 2L * key.length() + answer.length;
        }
    }

    /** The answer of the first time. @throws Refused KEY_REUSED */
    Optional<byte[]> find(String key, byte[] content) {
        Remembered found = byKey.get(key);
        if (found == null) {
            return Optional.empty();
        }
        if (found.fingerprint() != fingerprint(content)) {
            throw new Refused(
                    Answer.Code.KEY_REUSED,
                    "The Idempotency-Key " + key + " came with another request in the last " + KEEP_MILLIS / 60_000
                            + " minutes; take a new one for every request.",
                    Map.of("idempotency_key", key));
        }
        return Optional.of(found.answer());
    }

    boolean isFull() {
        return bytes > MAX_BYTES;
    }

    void put(String key, byte[] content, byte[] answer, long now) {
        Remembered remembered = new Remembered(fingerprint(content), answer, now);
        byKey.put(key, remembered);
        bytes += remembered.size(key);
    }

    void advance(long now) {
        while (!byKey.isEmpty() && byKey.firstEntry().getValue().atMillis() + KEEP_MILLIS <= now) {
            dropOldest();
        }
    }

    void write(Encoder out) throws IOException {
        out.many(
                byKey.entrySet(),
                (to, entry) -> to.text(entry.getKey())
                        .number(entry.getValue().fingerprint())
                        .number(entry.getValue().atMillis())
                        .bytes(entry.getValue().answer()));
    }

    /** Into an empty one. */
    void read(Decoder in) throws IOException {
        in.many(each -> {
            String key = each.text();
            long fingerprint = each.number();
            long at = each.number();
            Remembered remembered = new Remembered(fingerprint, each.bytes(), at);
            bytes += remembered.size(key);
            return byKey.put(key, remembered);
        });
    }

    private void dropOldest() {
        Iterator<Map.Entry<String, Remembered>> oldest = byKey.entrySet().iterator();
        Map.Entry<String, Remembered> entry = oldest.next();
        bytes -= entry.getValue().size(entry.getKey());
        oldest.remove();
    }

    private static long fingerprint(byte[] content) {
        CRC32 sum = new CRC32();
        sum.update(content);
        return sum.getValue() << 24 | content.length & 0xFFFFFF;
    }
}
