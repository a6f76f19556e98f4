package io.ringrift.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringrift.agent.config.DirectoryRead;
import io.ringrift.agent.config.FileRead;
import io.ringrift.agent.config.Secret;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real directory, changed as the kubelet, people and accidents change it. */
class ConfigDirectoryTest {
    @TempDir
    Path temp;

    private final Vertx vertx = Vertx.vertx();
    private final List<DirectoryRead> told = new CopyOnWriteArrayList<>();
    private final List<ConfigDirectory> watchers = new CopyOnWriteArrayList<>();
    private final List<Map<Path, FileRead>> toldFiles = new CopyOnWriteArrayList<>();
    private final AtomicBoolean offTheLoop = new AtomicBoolean();
    private Path directory;
    private int versions;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(temp.resolve("config"));
    }

    @AfterEach
    void stop() {
        watchers.forEach(ConfigDirectory::close);
        vertx.close().await();
        assertThat(offTheLoop).as("a listener was called off the event loop").isFalse();
    }

    private ConfigDirectory watch(Path... namedFiles) {
        Context context = vertx.getOrCreateContext();
        CountDownLatch done = new CountDownLatch(1);
        context.runOnContext(ignored -> {
            watchers.add(ConfigDirectory.start(
                    vertx,
                    Optional.of(directory),
                    List.of(namedFiles),
                    read -> {
                        offTheLoop.compareAndSet(false, Vertx.currentContext() != context);
                        told.add(read);
                    },
                    read -> {
                        offTheLoop.compareAndSet(false, Vertx.currentContext() != context);
                        toldFiles.add(read);
                    }));
            done.countDown();
        });
        await().until(() -> done.getCount() == 0);
        return watchers.getLast();
    }

    /** As the kubelet's AtomicWriter does it: a new directory, the link turned by a rename, names linked and unlinked, the old one removed. */
    private void mount(Path volume, Map<String, String> files) throws IOException {
        Path version = Files.createDirectory(volume.resolve("..2026_11_22_%d".formatted(versions++)));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(version.resolve(file.getKey()), file.getValue());
        }
        Path data = volume.resolve("..data");
        Optional<Path> old = Files.exists(data) ? Optional.of(data.toRealPath()) : Optional.empty();
        Path next = volume.resolve("..data_tmp");
        Files.createSymbolicLink(next, version.getFileName());
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
        for (String name : files.keySet()) {
            Path link = volume.resolve(name);
            if (!Files.exists(link)) {
                Files.createSymbolicLink(link, Path.of("..data", name));
            }
        }
        if (old.isPresent()) {
            try (var names = Files.list(old.get())) {
                for (Path gone : names.toList()) {
                    if (!files.containsKey(gone.getFileName().toString())) {
                        Files.delete(volume.resolve(gone.getFileName()));
                    }
                    Files.delete(gone);
                }
            }
            Files.delete(old.get());
        }
    }

    private static DirectoryRead read(Map<String, String> files) {
        return new DirectoryRead.Files(files.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> text(entry.getValue()))));
    }

    private static FileRead text(String content) {
        return new FileRead.Text(new Secret(content));
    }

    private void awaitTold(DirectoryRead... expected) {
        await().untilAsserted(() -> assertThat(told).containsExactly(expected));
    }

    @Test
    void aTurnedLinkIsOneChangeOfAllFiles() throws IOException {
        Map<String, String> first = Map.of("RINGRIFT_CONFIG_GENERATION", "1", "RINGRIFT_LOG_LEVEL", "DEBUG");
        Map<String, String> second = Map.of("RINGRIFT_CONFIG_GENERATION", "2", "RAFT_VOTERS", "a,b,c");
        mount(directory, first);
        watch();
        awaitTold(read(first));
        mount(directory, second);
        awaitTold(read(first), read(second));
    }

    @Test
    void twoVersionsAreNeverMixedHoweverFastTheyChange() throws IOException {
        mount(directory, Map.of("RINGRIFT_CONFIG_GENERATION", "0", "RINGRIFT_BULLY_PRIORITY", "0"));
        Set<DirectoryRead> seen = new HashSet<>();
        Thread reader = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                seen.add(ConfigFiles.readDirectory(directory));
            }
        });
        for (int i = 1; i <= 300; i++) {
            mount(
                    directory,
                    Map.of(
                            "RINGRIFT_CONFIG_GENERATION",
                            Integer.toString(i),
                            "RINGRIFT_BULLY_PRIORITY",
                            Integer.toString(i)));
        }
        reader.interrupt();
        await().until(() -> !reader.isAlive());
        long whole = seen.stream().filter(ConfigDirectoryTest::isWhole).count();
        assertThat(whole).isPositive();
        assertThat(seen)
                .allMatch(
                        read -> isWhole(read) || read.equals(new DirectoryRead.Failed("changes too often to be read")));
    }

    private static boolean isWhole(DirectoryRead read) {
        return read instanceof DirectoryRead.Files files
                && files.files().values().stream().allMatch(FileRead.Text.class::isInstance)
                && files.files().size() == 2
                && Set.copyOf(files.files().values()).size() == 1;
    }

    @Test
    void aPlainDirectoryIsWatchedToo() throws IOException {
        watch();
        awaitTold(read(Map.of()));
        Files.writeString(directory.resolve("RINGRIFT_LOG_LEVEL"), "DEBUG\n");
        Files.writeString(directory.resolve("notes.txt"), "not a key");
        awaitTold(read(Map.of()), read(Map.of("RINGRIFT_LOG_LEVEL", "DEBUG\n")));
        Files.delete(directory.resolve("RINGRIFT_LOG_LEVEL"));
        awaitTold(read(Map.of()), read(Map.of("RINGRIFT_LOG_LEVEL", "DEBUG\n")), read(Map.of()));
    }

    @Test
    void twoWritesWithinTheSameTickOfTheClockAreBothSeen() throws IOException {
        Path file = directory.resolve("RINGRIFT_BULLY_PRIORITY");
        Files.writeString(file, "1");
        var time = Files.getLastModifiedTime(file);
        watch();
        awaitTold(read(Map.of("RINGRIFT_BULLY_PRIORITY", "1")));
        Files.writeString(file, "2");
        Files.setLastModifiedTime(file, time);
        awaitTold(read(Map.of("RINGRIFT_BULLY_PRIORITY", "1")), read(Map.of("RINGRIFT_BULLY_PRIORITY", "2")));
    }

    @Test
    void aDirectoryThatGoesAwayIsToldAndItsReturnToo() throws IOException {
        mount(directory, Map.of("RINGRIFT_LOG_LEVEL", "INFO"));
        watch();
        awaitTold(read(Map.of("RINGRIFT_LOG_LEVEL", "INFO")));
        Path aside = temp.resolve("aside");
        Files.move(directory, aside);
        awaitTold(read(Map.of("RINGRIFT_LOG_LEVEL", "INFO")), new DirectoryRead.Failed("does not exist"));
        Files.move(aside, directory);
        awaitTold(
                read(Map.of("RINGRIFT_LOG_LEVEL", "INFO")),
                new DirectoryRead.Failed("does not exist"),
                read(Map.of("RINGRIFT_LOG_LEVEL", "INFO")));
    }

    @Test
    void filesThatKeysNameAreWatched() throws IOException {
        Path secrets = Files.createDirectory(temp.resolve("secrets"));
        mount(secrets, Map.of("token", "one"));
        Path token = secrets.resolve("token");
        Path missing = temp.resolve("missing");
        watch(token, missing);
        Map<Path, FileRead> first = Map.of(token, text("one"), missing, new FileRead.Failed("does not exist"));
        await().untilAsserted(() -> assertThat(toldFiles).containsExactly(first));
        mount(secrets, Map.of("token", "two"));
        Map<Path, FileRead> second = Map.of(token, text("two"), missing, new FileRead.Failed("does not exist"));
        await().untilAsserted(() -> assertThat(toldFiles).containsExactly(first, second));
    }

    @Test
    void whatIsNoReadableTextIsToldAsSuch() throws IOException {
        Files.createDirectory(directory.resolve("RINGRIFT_PEERS"));
        Files.write(directory.resolve("RINGRIFT_LOG_LEVEL"), new byte[] {(byte) 0xff, (byte) 0xfe});
        Files.write(directory.resolve("RINGRIFT_DATA_DIR"), new byte[ConfigFiles.MOST_BYTES + 1]);
        Files.createSymbolicLink(directory.resolve("RINGRIFT_TLS_DIR"), Path.of("nowhere"));
        assertThat(ConfigFiles.readDirectory(directory))
                .isEqualTo(new DirectoryRead.Files(Map.of(
                        "RINGRIFT_PEERS", new FileRead.Failed("is not a regular file"),
                        "RINGRIFT_LOG_LEVEL", new FileRead.Failed("is not UTF-8 text"),
                        "RINGRIFT_DATA_DIR", new FileRead.Failed("is larger than 512 KiB"),
                        "RINGRIFT_TLS_DIR", new FileRead.Failed("does not exist"))));
    }

    @Test
    void aPipeDoesNotBlockTheReader() throws IOException, InterruptedException {
        Path pipe = directory.resolve("RINGRIFT_PEERS");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThat(ConfigFiles.readNamed(pipe)).isEqualTo(new FileRead.Failed("is not a regular file"));
    }

    @Test
    void aDirectoryFullOfKeysIsRefused() throws IOException {
        for (int i = 0; i <= ConfigFiles.MOST_FILES; i++) {
            Files.writeString(directory.resolve("RINGRIFT_" + i), "x");
        }
        assertThat(ConfigFiles.readDirectory(directory))
                .isEqualTo(new DirectoryRead.Failed("holds more than 256 keys"));
    }

    @Test
    void afterClosingNothingIsTold() throws IOException {
        ConfigDirectory watcher = watch();
        awaitTold(read(Map.of()));
        CountDownLatch closed = new CountDownLatch(1);
        vertx.runOnContext(ignored -> {
            watcher.close();
            closed.countDown();
        });
        await().until(() -> closed.getCount() == 0);
        Files.writeString(directory.resolve("RINGRIFT_LOG_LEVEL"), "DEBUG");
        // A second watcher sees it, so the first would have.
        List<DirectoryRead> others = new CopyOnWriteArrayList<>();
        watchers.add(ConfigDirectory.start(vertx, Optional.of(directory), List.of(), others::add, read -> {}));
        await().until(() -> others.contains(read(Map.of("RINGRIFT_LOG_LEVEL", "DEBUG"))));
        assertThat(told).containsExactly(read(Map.of()));
    }
}
