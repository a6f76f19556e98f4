package io.ringrift.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of the machine, run to its end. */
public final class Command {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private Command() {}

    /**
     * What a program left behind.
     *
     * @param command what was run, for messages
     * @param exit its exit code
     * @param out what it wrote to its output
     * @param err what it wrote to its error output
     */
    public record Result(String command, int exit, String out, String err) {

        /** The output; fails with everything the program said when it did not end with 0. */
        public String ok() {
            if (exit != 0) {
                throw new AssertionError(command + " ended with " + exit + ":\n" + out + err);
            }
            return out;
        }
    }

    /** Runs a program with the environment of this process. */
    public static Result run(String... command) {
        return run(Map.of(), "", List.of(command));
    }

    /**
     * Runs a program.
     *
     * @param environment added to that of this process
     * @param input what the program reads
     * @param command the program and its arguments
     */
    public static Result run(Map<String, String> environment, String input, List<String> command) {
        String said = String.join(" ", command);
        try {
            // Files, not pipes: a program that says more than a pipe holds must not wait for a reader.
            Path in = Files.writeString(Files.createTempFile("command", ".in"), input);
            Path out = Files.createTempFile("command", ".out");
            Path err = Files.createTempFile("command", ".err");
            try {
                var builder = new ProcessBuilder(command)
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(said + " did not end within " + LIMIT + ":\n" + read(out) + read(err));
                }
                return new Result(said, process.exitValue(), read(out), read(err));
            } finally {
                Files.delete(in);
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new AssertionError("cannot run " + said + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while running " + said, e);
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
