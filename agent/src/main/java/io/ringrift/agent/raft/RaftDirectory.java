package io.ringrift.agent.raft;

import io.ringrift.agent.consensus.raft.PeerDisk;
import io.ringrift.agent.consensus.raft.PeerId;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * {@code RINGRIFT_DATA_DIR/raft}: which peer this disk makes the node, and the logs of its groups, a directory each. A log that is not
 * where the file says it is makes the disk a new one, under a new storage id: a peer must never forget. Blocks on the disk.
 */
final class RaftDirectory {
    private static final String FILE = "peer.json";
    private static final int STORAGE_BYTES = 4;
    private static final int MAX_BYTES = 64 * 1024;

    private final Path root;
    private final String clusterName;
    private final String nodeId;
    private final RandomGenerator random;

    /** @param random draws storage ids */
    RaftDirectory(Path dataDir, String clusterName, String nodeId, RandomGenerator random) {
        this.root = dataDir.resolve("raft");
        this.clusterName = clusterName;
        this.nodeId = nodeId;
        this.random = random;
    }

    Path root() {
        return root;
    }

    String nodeId() {
        return nodeId;
    }

    /** The group's id; the same on every node. */
    UUID groupId(long incarnation) {
        String name = "ringrift/" + clusterName + "/" + incarnation;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads what the disk remembers; a disk that is new, or that lost the log, becomes a new peer's. */
    PeerDisk open() throws IOException {
        Optional<PeerDisk> read = read();
        if (read.isPresent() && holdsItsLog(read.get())) {
            return read.get();
        }
        PeerDisk fresh = new PeerDisk(new PeerId(nodeId, newStorage()), 0, List.of());
        write(fresh);
        return fresh;
    }

    /** Notes, durably, that the disk holds a group's log from now on. The logs of other groups are kept beside, out of Ratis' sight. */
    PeerDisk begin(PeerDisk disk, long incarnation, List<PeerId> founders) throws IOException {
        if (disk.incarnation() > 0 && disk.incarnation() != incarnation) {
            Path former = log(disk.incarnation());
            Files.move(former, root.resolve("set-aside-" + disk.incarnation()), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.createDirectories(log(incarnation));
        PeerDisk begun = new PeerDisk(disk.self(), incarnation, founders);
        write(begun);
        return begun;
    }

    private boolean holdsItsLog(PeerDisk disk) {
        return disk.self().nodeId().equals(nodeId)
                && (disk.incarnation() == 0 || Files.isDirectory(log(disk.incarnation())));
    }

    private Path log(long incarnation) {
        return root.resolve(groupId(incarnation).toString());
    }

    private String newStorage() {
        byte[] bytes = new byte[STORAGE_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private Optional<PeerDisk> read() throws IOException {
        try (var in = Files.newInputStream(root.resolve(FILE))) {
            JsonObject json = new JsonObject(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
            List<PeerId> founders = json.getJsonArray("founders").stream()
                    .flatMap(text -> PeerId.parse(text.toString()).stream())
                    .toList();
            return PeerId.parse(json.getString("peer"))
                    .map(self -> new PeerDisk(self, json.getLong("incarnation"), founders));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (DecodeException | ClassCastException | NullPointerException damaged) {
            throw new IOException(
                    root.resolve(FILE) + " is damaged: move " + root + " away, and this node joins as a new voter",
                    damaged);
        }
    }

    private void write(PeerDisk disk) throws IOException {
        Files.createDirectories(root);
        JsonArray founders = new JsonArray();
        disk.founders().forEach(founder -> founders.add(founder.toString()));
        JsonObject json = new JsonObject()
                .put("peer", disk.self().toString())
                .put("incarnation", disk.incarnation())
                .put("founders", founders);
        Path written = root.resolve(FILE + ".tmp");
        try (FileChannel channel = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(json.encode().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(written, root.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel entry = FileChannel.open(root, StandardOpenOption.READ)) {
            entry.force(true);
        }
    }
}
