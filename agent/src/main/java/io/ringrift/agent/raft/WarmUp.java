package io.ringrift.agent.raft;

import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.consensus.raft.RaftRole;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Makes a voter's first election as quick as a later one: it loads the classes that only a candidate and a leader need, and keeps the connections
 * over which it would ask for votes. On the host's one thread only.
 */
final class WarmUp {
    /** So soon after a voter's restart it is connected again. */
    private static final Duration AGAIN = Duration.ofSeconds(2);

    /** One name a line: what a follower has not loaded by the time at which its leader dies. */
    private static final String CLASSES = "warm-up.txt";

    private static final AtomicBoolean loaded = new AtomicBoolean();

    private final System.Logger log = System.getLogger(WarmUp.class.getName());
    private final Map<PeerId, Duration> due = new ConcurrentHashMap<>();
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final Consumer<Runnable> aside;
    private Optional<Peer> warmed = Optional.empty();

    /** @param aside runs what blocks */
    WarmUp(Consumer<Runnable> aside) {
        this.aside = aside;
    }

    WarmUp() {
        this(work -> Thread.ofPlatform().daemon().name("ringrift-raft-warm-up").start(work));
    }

    /** Does what is due, while somebody leads: an election needs the connections and the processor for itself. */
    void follow(Peer peer, RaftReport report, Duration now) {
        if (warmed.filter(peer::equals).isEmpty()) {
            warmed = Optional.of(peer);
            due.clear();
        }
        if (!votes(report)) {
            return;
        }
        if (loaded.compareAndSet(false, true)) {
            aside.accept(() -> names().forEach(this::load));
        }
        List<PeerId> others = others(report).stream()
                .filter(voter -> now.compareTo(due.getOrDefault(voter, now)) >= 0)
                .toList();
        if (!others.isEmpty() && underWay.compareAndSet(false, true)) {
            aside.accept(() -> greet(peer, others, now));
        }
    }

    private void greet(Peer peer, List<PeerId> voters, Duration now) {
        try {
            for (PeerId voter : voters) {
                due.put(voter, now.plus(AGAIN));
                peer.greet(voter);
            }
        } finally {
            underWay.set(false);
        }
    }

    /** Whether this node may have to win an election; who leads is connected anyway, by what it sends to its followers. */
    private static boolean votes(RaftReport report) {
        return report.state() == RaftReport.State.RUNNING
                && report.leader().isPresent()
                && report.role() != RaftRole.LEADER
                && report.disk()
                        .filter(disk -> report.voters().contains(disk.self()))
                        .isPresent();
    }

    /** Whose votes it would need then: a leader that died has none. */
    private static List<PeerId> others(RaftReport report) {
        return report.voters().stream()
                .filter(voter -> !report.disk().orElseThrow().self().equals(voter))
                .filter(voter -> report.leader().filter(voter.nodeId()::equals).isEmpty())
                .toList();
    }

    static List<String> names() {
        try (InputStream file = WarmUp.class.getResourceAsStream(CLASSES)) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    private void load(String name) {
        try {
            Class.forName(name);
        } catch (ClassNotFoundException | LinkageError another) {
            log.log(Level.DEBUG, "[Raft] Not loaded ahead: {0}", another.toString());
        }
    }
}
