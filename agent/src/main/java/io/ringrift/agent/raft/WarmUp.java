package io.ringrift.agent.raft;

import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.RaftReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes a voter's first election as quick as a later one: while somebody leads, it loads the classes that only a candidate and a leader need, and
 * makes the connections over which it would ask for votes. Else both happen while nobody leads. On the host's one thread only.
 */
final class WarmUp {
    /** gRPC gives up a connection that nobody has used for half an hour. */
    private static final Duration AGAIN = Duration.ofMinutes(5);

    /** One name a line: what a follower has not loaded by the time at which its leader dies. */
    private static final String CLASSES = "warm-up.txt";

    private static final AtomicBoolean loaded = new AtomicBoolean();

    private final System.Logger log = System.getLogger(WarmUp.class.getName());
    private Optional<Peer> warmed = Optional.empty();
    private Duration next = Duration.ZERO;

    /** Does what is due, on a thread of its own. */
    void follow(Peer peer, RaftReport report, Duration now) {
        boolean again = warmed.filter(peer::equals).isPresent();
        if (!votes(report) || again && now.compareTo(next) < 0) {
            return;
        }
        warmed = Optional.of(peer);
        next = now.plus(AGAIN);
        PeerId self = report.disk().orElseThrow().self();
        List<PeerId> others =
                report.voters().stream().filter(voter -> !voter.equals(self)).toList();
        Thread.ofPlatform().daemon().name("ringrift-raft-warm-up").start(() -> {
            others.forEach(peer::greet);
            if (loaded.compareAndSet(false, true)) {
                names().forEach(this::load);
            }
        });
    }

    private static boolean votes(RaftReport report) {
        return report.state() == RaftReport.State.RUNNING
                && report.leader().isPresent()
                && report.disk()
                        .filter(disk -> report.voters().contains(disk.self()))
                        .isPresent();
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
