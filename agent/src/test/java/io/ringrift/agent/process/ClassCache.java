package io.ringrift.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * The agent's classes, Raft's too, as the JVM keeps them from one run to the next (an AOT cache). Recorded once for each jar: tests start hundreds of
 * agents, and each then takes less than half of the CPU until it leads or follows.
 */
final class ClassCache {
    private static final Duration WRITING = Duration.ofMinutes(3);

    /** For classes without profiles: with the first compiler alone those make an agent compile at its start what it may not need. */
    private static final String DIAGNOSTIC = "-XX:+UnlockDiagnosticVMOptions";

    private ClassCache() {}

    /** The JVM's flags that have it used. Blocks while the cache is recorded, by this process or by another that runs the same jar. */
    static synchronized List<String> flags(Path jar) {
        Path cache = jar.resolveSibling("agent-tests.aot");
        Path lock = jar.resolveSibling("agent-tests.lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (!isOf(cache, jar)) {
                Path written = jar.resolveSibling("agent-tests.aot.tmp");
                record(written, Files.createTempDirectory(jar.getParent(), "agent-tests"));
                Files.move(written, cache, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of("-XX:AOTCache=" + cache, DIAGNOSTIC, "-XX:-AOTReplayTraining");
    }

    private static boolean isOf(Path cache, Path jar) throws IOException {
        return Files.isRegularFile(cache)
                && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar)) >= 0;
    }

    private static void record(Path cache, Path work) {
        try (AgentCluster cluster = new AgentCluster(work, 3, AgentCluster.THREE_VOTERS)) {
            AgentProcess recorded =
                    cluster.agent("n-0").startWith(DIAGNOSTIC, "-XX:-AOTRecordTraining", "-XX:AOTCacheOutput=" + cache);
            cluster.agent("n-1").startWith();
            cluster.agent("n-2").startWith();
            await("Raft's leader")
                    .atMost(AgentCluster.PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(cluster.awaitLeader().getString("source"))
                            .isEqualTo("raft"));
            new StateClient(recorded).put("/kv/recorded", "{\"value\": 1}").expect(200);
            recorded.signal("TERM");
            recorded.await(WRITING);
            assertThat(cache).describedAs(recorded.output()).isRegularFile();
        }
    }
}
