import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** From SIGKILL of a member to the first, and to the last, of the others that calls it FAILED. The times are those at which their log lines are read. */
class DetectionBench {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long NEVER = Long.MIN_VALUE;

    private final Fleet fleet;
    private final int size;
    private final Process[] members;
    /** Viewer, subject: when the subject was last said to live, and to have failed. */
    private final long[][] alive;

    private final long[][] failed;
    private int falseDeaths;

    private DetectionBench(Fleet fleet, int size) {
        this.fleet = fleet;
        this.size = size;
        members = new Process[size];
        alive = new long[size][size];
        failed = new long[size][size];
        for (int viewer = 0; viewer < size; viewer++) {
            Arrays.fill(alive[viewer], NEVER);
            Arrays.fill(failed[viewer], NEVER);
        }
    }

    /** Arguments: agents | serf, the jar or the program, profile, members, kills, seed. */
    public static void main(String[] arguments) throws Exception {
        int size = Integer.parseInt(arguments[3]);
        Path program = Path.of(arguments[1]).toAbsolutePath();
        Fleet fleet = switch (arguments[0]) {
            case "agents" -> new Fleet.Agents(program, arguments[2], size, Fleet.temporaryDirectory());
            case "serf" -> new Fleet.Serf(program, arguments[2], size);
            default -> throw new IllegalArgumentException(arguments[0] + ": allowed are agents and serf");
        };
        DetectionBench bench = new DetectionBench(fleet, size);
        Runtime.getRuntime().addShutdownHook(new Thread(bench::close));
        bench.run(arguments[0] + " " + arguments[2], Integer.parseInt(arguments[4]), Long.parseLong(arguments[5]));
    }

    private void run(String name, int kills, long seed) throws Exception {
        for (int member = 0; member < size; member++) {
            start(member);
            Thread.sleep(100);
        }
        until("everybody sees everybody", () -> IntStream.range(0, size).allMatch(this::isWhole));
        Thread.sleep(5_000);
        Random random = new Random(seed);
        double[] first = new double[kills];
        double[] last = new double[kills];
        for (int round = 0; round < kills; round++) {
            Thread.sleep(1_000 + random.nextInt(2_000)); // any phase of their timers
            int victim = random.nextInt(size);
            long start = System.nanoTime();
            members[victim].destroyForcibly();
            until("all know that " + victim + " is gone", () -> others(victim).allMatch(viewer -> failed(viewer, victim) >= start));
            first[round] = others(victim).mapToLong(viewer -> failed(viewer, victim)).min().orElseThrow() - start;
            last[round] = others(victim).mapToLong(viewer -> failed(viewer, victim)).max().orElseThrow() - start;
            countFalseDeaths(victim, start);
            start(victim);
            until("the cluster is whole again", () -> isWhole(victim) && others(victim).allMatch(viewer -> alive(viewer, victim) > failed(viewer, victim)));
        }
        System.out.printf(
                "| %s | %d | %d | %s | %s | %d | %.0f |%n",
                name, size, kills, spread(first), spread(last), falseDeaths, residentMebibytes());
    }

    private void start(int member) throws IOException {
        Arrays.fill(alive[member], NEVER);
        Arrays.fill(failed[member], NEVER);
        Process process = fleet.start(member);
        members[member] = process;
        Thread.ofVirtual().start(() -> follow(member, process));
    }

    private void follow(int viewer, Process process) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                long now = System.nanoTime();
                fleet.read(line).ifPresent(news -> {
                    synchronized (this) {
                        if (members[viewer] == process) {
                            (news.failed() ? failed : alive)[viewer][news.member()] = now;
                        }
                    }
                });
            }
        } catch (IOException ended) {
            if (process.isAlive()) {
                throw new UncheckedIOException(ended);
            }
        }
    }

    private synchronized long failed(int viewer, int subject) {
        return failed[viewer][subject];
    }

    private synchronized long alive(int viewer, int subject) {
        return alive[viewer][subject];
    }

    /** Whether a member has seen all others. */
    private boolean isWhole(int viewer) {
        return others(viewer).allMatch(subject -> alive(viewer, subject) != NEVER);
    }

    private IntStream others(int member) {
        return IntStream.range(0, size).filter(other -> other != member);
    }

    private void countFalseDeaths(int victim, long since) {
        for (int subject = 0; subject < size; subject++) {
            int who = subject;
            falseDeaths += subject == victim ? 0 : (int) others(subject).filter(viewer -> failed(viewer, who) >= since).count();
        }
    }

    private static void until(String what, BooleanSupplier condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IOException("not within " + PATIENCE + ": " + what);
            }
            Thread.sleep(20);
        }
    }

    private static String spread(double[] nanos) {
        double[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return String.format("%.2f / %.2f", sorted[(sorted.length - 1) / 2] / 1e9, sorted[sorted.length - 1] / 1e9);
    }

    /** Resident memory of one member on average. */
    private double residentMebibytes() throws IOException {
        double sum = 0;
        for (Process member : members) {
            sum += Files.readAllLines(Path.of("/proc/" + member.pid() + "/status")).stream()
                            .filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .sum()
                    / 1024.0;
        }
        return sum / size;
    }

    private void close() {
        for (Process member : members) {
            if (member != null) {
                member.destroyForcibly();
            }
        }
    }
}
