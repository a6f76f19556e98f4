package io.ringrift.agent.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Half a minute of what {@code bench/run history} does for hours. Needs root, for networks of its own. */
class HistoryIT {
    private static final String SECONDS = System.getProperty("ringrift.history.seconds", "30");
    private static final String SEED =
            System.getProperty("ringrift.history.seed", Long.toString(System.nanoTime() % 1_000_000));

    @TempDir
    private Path directory;

    @Test
    void whatClientsWereToldUnderFaultsCanBeExplained() throws Exception {
        Path said = directory.resolve("said.txt");
        Process run = new ProcessBuilder(List.of(
                        "unshare",
                        "--net",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HistoryRun.class.getName(),
                        "--seconds",
                        SECONDS,
                        "--seed",
                        SEED))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        boolean ended = run.waitFor(Long.parseLong(SECONDS) + 240, TimeUnit.SECONDS);
        run.destroy();
        String text = Files.readString(said);
        System.out.println(text);
        assertThat(ended).as(text).isTrue();
        assertThat(run.exitValue()).as(text).isZero();
    }
}
