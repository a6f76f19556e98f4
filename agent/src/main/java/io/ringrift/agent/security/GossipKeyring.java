package io.ringrift.agent.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of a cluster's gossip: the first seals, all open. A key is changed without a gap in three steps, each of them on
 * all members before the next: add the new one at the end, move it to the front, remove the old one.
 */
public final class GossipKeyring {
    /** More keys than a rotation ever needs. */
    private static final int MAX_KEYS = 16;

    private static final int KEY_BYTES = 32;

    private final List<Entry> entries;

    /** @param id how a packet names the key it is sealed with */
    record Entry(int id, SecretKeySpec key) {}

    private GossipKeyring(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * Reads the key file: a base64 key of 32 bytes a line; empty lines and lines that begin with {@code #} do not count.
     *
     * @throws IllegalArgumentException says which line is wrong and how, never what stands there
     */
    public static GossipKeyring parse(String file) {
        List<Entry> entries = new ArrayList<>();
        String[] lines = file.split("\\R");
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                entries.add(entry(line, i + 1));
            }
        }
        if (entries.isEmpty() || entries.size() > MAX_KEYS) {
            throw new IllegalArgumentException(
                    "gossip keys: " + entries.size() + " keys in the file, allowed are 1-" + MAX_KEYS);
        }
        if (entries.stream().map(Entry::id).distinct().count() < entries.size()) {
            throw new IllegalArgumentException("gossip keys: the same key stands there twice");
        }
        return new GossipKeyring(entries);
    }

    Entry sealing() {
        return entries.getFirst();
    }

    Optional<Entry> byId(int id) {
        return entries.stream().filter(entry -> entry.id() == id).findFirst();
    }

    @Override
    public String toString() {
        return "GossipKeyring[" + entries.size() + " keys]";
    }

    private static Entry entry(String line, int number) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(line);
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException(
                    "gossip keys, line " + number + ": not base64; allowed is a base64 key of 32 bytes");
        }
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("gossip keys, line " + number + ": a key of " + key.length
                    + " bytes; allowed is a base64 key of 32 bytes");
        }
        return new Entry(idOf(key), new SecretKeySpec(key, "AES"));
    }

    /** Tells keys apart without telling anything about them: the beginning of a hash that is used for nothing else. */
    private static int idOf(byte[] key) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update("ringrift gossip key id".getBytes(StandardCharsets.US_ASCII));
            return ByteBuffer.wrap(sha.digest(key)).getInt();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
