import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program of an image, run in the image's file system, and what it costs. */
final class Measured implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final int port;
    private final long started;

    private Measured(Process process, int port, long started) {
        this.process = process;
        this.port = port;
        this.started = started;
    }

    /** Starts the program {@code name} of the image under {@code root}, as the image's entry point does. */
    static Measured start(Path root, String name, int port, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                "chroot", "--userspec=10001:10001", root.toString(),
                "/opt/ringrift/jre/bin/java", "@/opt/ringrift/" + name + ".jvm", "-jar", "/opt/ringrift/ringrift-" + name + ".jar");
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(Files.createTempFile(name, ".log").toFile());
        long started = System.nanoTime();
        return new Measured(builder.start(), port, started);
    }

    /** How long the program took from its start until {@code path} answered 200. */
    Duration untilReady(String path) throws Exception {
        return untilItSays(path, "");
    }

    /** How long it took from its start until {@code path} answered 200 with {@code text} somewhere in it. */
    Duration untilItSays(String path, String text) throws Exception {
        while (System.nanoTime() - started < PATIENCE.toNanos()) {
            if (!process.isAlive()) {
                throw new IOException("it ended by itself with " + process.exitValue());
            }
            if (answer(path).filter(answer -> answer.contains(text)).isPresent()) {
                return Duration.ofNanos(System.nanoTime() - started);
            }
            Thread.sleep(1);
        }
        throw new IOException(path + " did not answer 200" + (text.isEmpty() ? "" : " and " + text) + " within " + PATIENCE
                + "; last it said: " + answer(path).orElse("nothing"));
    }

    /** What {@code path} says, if it answers 200. */
    private Optional<String> answer(String path) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Optional.of(answer).filter(text -> text.startsWith("HTTP/1.1 200"));
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }

    Memory memory() throws IOException {
        return Memory.of(process.pid());
    }

    /** Processor time that it took so far. */
    double cpuSeconds() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    /** What else the machine does: its load average of one, five and fifteen minutes. */
    static String load() throws IOException {
        return String.join(" ", List.of(Files.readString(Path.of("/proc/loadavg")).split(" ")).subList(0, 3));
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** What a process holds, in MB of 2^20 bytes: resident, of that not backed by files, and threads. */
    record Memory(double resident, double anonymous, int threads) {
        static Memory of(long pid) throws IOException {
            List<String> status = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
            return new Memory(number(status, "VmRSS:") / 1024.0, number(status, "RssAnon:") / 1024.0, (int) number(status, "Threads:"));
        }

        private static long number(List<String> status, String key) throws IOException {
            return status.stream()
                    .filter(line -> line.startsWith(key))
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow(() -> new IOException("/proc has no " + key));
        }
    }

    /** Lets a line of figures be read at once: median and maximum. */
    static String spread(List<Double> values, String unit) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return String.format("p50 %.1f %s, max %.1f %s (n=%d)", sorted[sorted.length / 2], unit, sorted[sorted.length - 1], unit, sorted.length);
    }
}
