package io.ringrift.agent.history;

import io.ringrift.agent.process.AgentProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients of the replicated state while agents are killed, paused, cut off, restarted, robbed of their disks and sent through the stages; then says
 * whether what they were told can be explained. {@code bench/run history} starts it; it needs root and a network of its own.
 */
final class HistoryRun {
    private static final int AGENTS = 5;
    private static final int CLIENTS = 6;
    private static final Duration CHAPTER = Duration.ofSeconds(8);
    /** After the last operation on a chapter's keys it is looked at as a whole, whatever happens meanwhile. */
    private static final int BEHIND = 2;

    private final long seed;
    private final Duration length;
    private final Counts counts = new Counts();
    private final List<Chapter> open = new ArrayList<>();
    private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
    private int checked;
    private long operations;
    private long start;
    private volatile boolean ended;

    private HistoryRun(long seed, Duration length) {
        this.seed = seed;
        this.length = length;
    }

    /** Arguments: {@code --seconds N} or {@code --minutes N}, {@code --seed N}. Ends with 1 where anything was violated. */
    public static void main(String[] arguments) throws Exception {
        Duration length = Duration.ofSeconds(30);
        long seed = System.nanoTime() % 1_000_000;
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            long value = Long.parseLong(arguments[i + 1]);
            switch (arguments[i]) {
                case "--seconds" -> length = Duration.ofSeconds(value);
                case "--minutes" -> length = Duration.ofMinutes(value);
                case "--seed" -> seed = value;
                default ->
                    throw new IllegalArgumentException(arguments[i] + ": allowed are --seconds, --minutes, --seed");
            }
        }
        System.exit(new HistoryRun(seed, length).run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        System.out.printf("seed %d, %d agents, %d clients%n", seed, AGENTS, CLIENTS);
        Path root = Files.createTempDirectory("ringrift-history");
        SplittableRandom random = new SplittableRandom(seed);
        try (Namespaces networks = new Namespaces(AGENTS);
                HistoryCluster cluster = new HistoryCluster(root, AGENTS, networks)) {
            Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
            cluster.start();
            await(cluster, root);
            start = System.nanoTime();
            Observers observers = new Observers(cluster);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Workload client = workload("c" + i, cluster.agents(), random);
                threads.add(start(client));
            }
            Nemesis nemesis = new Nemesis(cluster, networks, random.split(), counts, this::goesOn);
            threads.add(start(nemesis));
            Thread pusher = start(() -> push(cluster));
            Workload reader = workload("reader", cluster.agents(), random);
            while (goesOn()) {
                LockSupport.parkNanos(500_000_000);
                check(reader, chapterNow() - BEHIND);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            // Nothing is broken any more: a group that does not come back by itself is as bad as a wrong answer.
            await(cluster, root);
            check(reader, Integer.MAX_VALUE);
            observers.end();
            ended = true;
            pusher.join();
            violations.addAll(observers.violations());
            return report(observers, root);
        }
    }

    /** Whatever ends before its time makes the run fail: without faults, or without clients, nothing is tried. */
    private Thread start(Runnable part) {
        return Thread.ofPlatform()
                .uncaughtExceptionHandler((thread, failure) -> {
                    failure.printStackTrace();
                    violations.add(part.getClass().getSimpleName() + " ended: " + failure);
                })
                .start(part);
    }

    private Workload workload(String name, List<AgentProcess> agents, SplittableRandom random) {
        SplittableRandom own = random.split();
        return new Workload(name, new StateClient(agents, own.split()), own, this::chapter, counts);
    }

    private boolean goesOn() {
        return System.nanoTime() - start < length.toNanos();
    }

    /** As the operator does: whoever comes back is told again. */
    private void push(HistoryCluster cluster) {
        while (!ended) {
            cluster.push();
            LockSupport.parkNanos(200_000_000);
        }
    }

    private int chapterNow() {
        return (int) ((System.nanoTime() - start) / CHAPTER.toNanos());
    }

    /** The chapter of this moment, entered; empty when it is over. */
    private Optional<Chapter> chapter() {
        if (!goesOn()) {
            return Optional.empty();
        }
        int number = chapterNow();
        synchronized (open) {
            if (open.isEmpty() || open.getLast().number < number) {
                open.add(new Chapter(number));
            }
            open.getLast().enter();
            return Optional.of(open.getLast());
        }
    }

    /** Looks at everything that chapters up to {@code last} are about, and judges them. */
    private void check(Workload reader, int last) {
        while (true) {
            Chapter chapter;
            synchronized (open) {
                if (open.isEmpty()
                        || open.getFirst().number > last
                        || !open.getFirst().isQuiet()) {
                    return;
                }
                chapter = open.removeFirst();
            }
            chapter.keys().forEach(key -> reader.get(chapter, key, true));
            chapter.items().forEach(item -> reader.look(chapter, item));
            violations.addAll(chapter.violations());
            operations += chapter.size();
            checked++;
        }
    }

    private static void await(HistoryCluster cluster, Path root) {
        long latest = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (cluster.leader().isEmpty() || !cluster.isWhole()) {
            if (System.nanoTime() > latest) {
                throw new IllegalStateException("no leader within two minutes, logs in " + root + ":\n"
                        + cluster.agents().getFirst().output());
            }
            LockSupport.parkNanos(200_000_000);
        }
    }

    private boolean report(Observers observers, Path root) {
        System.out.println(counts);
        System.out.printf(
                "%.0f s: %d operations in %d chapters checked, %d answers to who leads; violations: %d%n",
                (System.nanoTime() - start) / 1e9, operations, checked, observers.answers(), violations.size());
        counts.surprises().forEach(surprise -> System.out.println("unexpected answer: " + surprise));
        violations.forEach(System.out::println);
        boolean good = violations.isEmpty() && counts.surprises().isEmpty() && counts.answered() > 0;
        if (!good) {
            System.out.println("seed " + seed + ", the agents' logs: " + root);
        }
        return good;
    }
}
