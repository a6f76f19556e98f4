package io.ringrift.agent.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The wall clock of an agent's node, which can be set while the agent runs, by libfaketime. The clock that counts from the boot goes on as it did. */
final class NodeClock {
    private static final Optional<Path> LIBRARY = library();

    private final Path file;

    NodeClock(Path directory) {
        this.file = directory.resolve("clock");
    }

    /** Whether this machine has the library. */
    static boolean canBeSet() {
        return LIBRARY.isPresent();
    }

    private static Optional<Path> library() {
        try (DirectoryStream<Path> architectures = Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-gnu*")) {
            for (Path architecture : architectures) {
                Path library = architecture.resolve("faketime/libfaketimeMT.so.1");
                if (Files.exists(library)) {
                    return Optional.of(library);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the agent has to be started with. */
    Map<String, String> environment() {
        return LIBRARY.map(library -> Map.of(
                        "LD_PRELOAD",
                        library.toString(),
                        "FAKETIME_TIMESTAMP_FILE",
                        file.toString(),
                        "FAKETIME_CACHE_DURATION",
                        "1",
                        "DONT_FAKE_MONOTONIC",
                        "1",
                        // Else every wait of the JVM is over at once.
                        "FAKETIME_FORCE_MONOTONIC_FIX",
                        "0"))
                .orElse(Map.of());
    }

    /** By how much it is wrong from the next second on. */
    void set(Duration ahead) {
        try {
            Path written = Files.writeString(
                    file.resolveSibling("clock.new"), String.format(Locale.ROOT, "%+.3f%n", ahead.toMillis() / 1000.0));
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
