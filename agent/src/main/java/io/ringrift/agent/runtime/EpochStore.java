package io.ringrift.agent.runtime;

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
 * What has to outlive a run, in one small file of the data directory: the highest epoch promised, and the incarnation. Written to
 * the disk itself before a promise is given, and swapped in whole, so that a crash at any moment leaves the former or the new one.
 *
 * <p>Blocks on the disk; thread-safe.
 */
public final class EpochStore {
    private static final String FILE = "promise.json";
    private static final String UNREADABLE = "promise.unreadable.json";
    private static final int MAX_BYTES = 4_096;

    private final Path directory;
    private long epoch;
    private long incarnation;

    private EpochStore(Path directory) {
        this.directory = directory;
    }

    /**
     * What the file held.
     *
     * @param epoch the highest promised; 0 where nothing is remembered
     * @param incarnation the former run's; 0 where nothing is remembered
     * @param problem why the file could not be used, in a sentence
     */
    public record Opened(EpochStore store, long epoch, long incarnation, Optional<String> problem) {}

    /** Reads the file. One that is damaged is kept beside under another name, and nothing is remembered. */
    public static Opened open(Path directory) {
        EpochStore store = new EpochStore(directory);
        Path file = directory.resolve(FILE);
        try {
            JsonObject json = read(file);
            store.epoch = json.getLong("epoch");
            store.incarnation = json.getLong("incarnation");
            return new Opened(store, store.epoch, store.incarnation, Optional.empty());
        } catch (NoSuchFileException missing) {
            return new Opened(store, 0, 0, Optional.empty());
        } catch (IOException | DecodeException | ClassCastException | NullPointerException unreadable) {
            return new Opened(store, 0, 0, Optional.of(setAside(directory, file, unreadable)));
        }
    }

    /** Makes durable that no epoch up to {@code promised} is promised again. */
    public synchronized void promise(long promised) throws IOException {
        long highest = Math.max(epoch, promised);
        write(highest, incarnation);
        epoch = highest;
    }

    /** Makes this run's incarnation durable. */
    public synchronized void begin(long started) throws IOException {
        write(epoch, started);
        incarnation = started;
    }

    private void write(long newEpoch, long newIncarnation) throws IOException {
        Files.createDirectories(directory);
        JsonObject json = new JsonObject()
                .put("epoch", newEpoch)
                .put("incarnation", newIncarnation)
                .put("crc32", checksum(newEpoch, newIncarnation));
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
