package io.ringrift.agent.runtime;

import io.ringrift.agent.consensus.bully.Remembered;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * What has to outlive a run, in one small file of the data directory: the highest epoch promised, to whom, whether the members run Raft alone,
 * and the incarnation. Written to
 * the disk itself before a promise is given, and swapped in whole, so that a crash at any moment leaves the former or the new one.
 *
 * <p>Blocks on the disk; thread-safe.
 */
public final class EpochStore {
    private static final String FILE = "promise.json";
    private static final String UNREADABLE = "promise.unreadable.json";
    private static final int MAX_BYTES = 4_096;
    private static final String BY = "leader_by";
    private static final String BY_RAFT = "raft";
    private static final String RAFT_ONLY = "raft_only";

    private final Path directory;
    private Remembered remembered = Remembered.NOTHING;
    private boolean raftOnly;
    private long incarnation;

    private EpochStore(Path directory) {
        this.directory = directory;
    }

    /**
     * What the file held.
     *
     * @param remembered of promises
     * @param raftOnly whether the former run knew that the members run Raft alone
     * @param incarnation the former run's; 0 where nothing is remembered
     * @param problem why the file could not be used, in a sentence
     */
    public record Opened(
            EpochStore store, Remembered remembered, boolean raftOnly, long incarnation, Optional<String> problem) {}

    /** Reads the file. One that is damaged is kept beside under another name, and nothing is remembered. */
    public static Opened open(Path directory) {
        EpochStore store = new EpochStore(directory);
        Path file = directory.resolve(FILE);
        try {
            JsonObject json = read(file);
            store.remembered = new Remembered(json.getLong("epoch"), BY_RAFT.equals(json.getString(BY)));
            store.raftOnly = json.getBoolean(RAFT_ONLY, false);
            store.incarnation = json.getLong("incarnation");
            return store.opened(Optional.empty());
        } catch (NoSuchFileException missing) {
            return store.opened(Optional.empty());
        } catch (IOException | DecodeException | ClassCastException | NullPointerException unreadable) {
            return new EpochStore(directory).opened(Optional.of(setAside(directory, file, unreadable)));
        }
    }

    private Opened opened(Optional<String> problem) {
        return new Opened(this, remembered, raftOnly, incarnation, problem);
    }

    /** Makes durable that no epoch up to the promised one is promised again. */
    public synchronized void promise(Remembered promised) throws IOException {
        Remembered next = remembered.and(promised);
        write(next, raftOnly, incarnation);
        remembered = next;
    }

    /** Makes durable whether the members are known to run Raft alone. */
    public synchronized void raftOnly(boolean known) throws IOException {
        write(remembered, known, incarnation);
        raftOnly = known;
    }

    /** Makes this run's incarnation durable. */
    public synchronized void begin(long started) throws IOException {
        write(remembered, raftOnly, started);
        incarnation = started;
    }

    private void write(Remembered next, boolean nextRaftOnly, long newIncarnation) throws IOException {
        Files.createDirectories(directory);
        // Agents of before know the first two and their checksum; without the others it is taken for a promise to
        // Bully's leader, and for members that may take part in Bully's elections.
        JsonObject json = new JsonObject()
                .put("epoch", next.epoch())
                .put("incarnation", newIncarnation)
                .put(BY, next.unbound() ? BY_RAFT : "bully")
                .put(RAFT_ONLY, nextRaftOnly)
                .put("crc32", checksum(next.epoch(), newIncarnation));
        Path written = directory.resolve(FILE + ".tmp");
        try (FileChannel channel = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(json.encode().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(
                written, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
            entry.force(true);
        }
    }

    private static JsonObject read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            JsonObject json = new JsonObject(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
            long epoch = json.getLong("epoch");
            long incarnation = json.getLong("incarnation");
            if (epoch < 0 || incarnation < 0 || !checksum(epoch, incarnation).equals(json.getString("crc32"))) {
                throw new IOException("its checksum is wrong");
            }
            return json;
        }
    }

    private static String setAside(Path directory, Path file, Exception cause) {
        String problem = file + " cannot be used (" + cause.getMessage() + ")";
        try {
            Files.move(file, directory.resolve(UNREADABLE), StandardCopyOption.REPLACE_EXISTING);
            return problem + " and was renamed to " + UNREADABLE + "; earlier promises are not remembered";
        } catch (IOException notMoved) {
            return problem + "; earlier promises are not remembered";
        }
    }

    private static String checksum(long epoch, long incarnation) {
        CRC32 crc = new CRC32();
        crc.update((epoch + " " + incarnation).getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }
}
