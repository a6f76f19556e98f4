package io.ringrift.agent.raft;

import io.ringrift.agent.consensus.raft.ConnectionLoss;
import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.membership.Address;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Lets this voter stand for election when the leader's process dies, without waiting for its silence. On the host's one thread only. */
final class LeaderDeath {
    private final String self;
    private final Supplier<RaftReport> report;
    private final BiConsumer<Duration, Runnable> thread;
    private final Consumer<PeerId> stand;
    private Optional<LeaderWatch> watch = Optional.empty();
    private Optional<Watched> watched = Optional.empty();

    private record Watched(String leader, long term, Address at) {}

    /**
     * @param report what the peer says now
     * @param thread runs something on the host's thread after a time
     * @param stand makes the peer stand in place of this leader
     */
    LeaderDeath(
            String self, Supplier<RaftReport> report, BiConsumer<Duration, Runnable> thread, Consumer<PeerId> stand) {
        this.self = self;
        this.report = report;
        this.thread = thread;
        this.stand = stand;
    }

    /** Watches the leader that a report names, where this node votes; nobody where it names none. */
    void follow(RaftReport now, Map<PeerId, Address> addresses) {
        Optional<Watched> wanted = now.leader()
                .filter(leader -> !leader.equals(self))
                .filter(leader ->
                        ConnectionLoss.delay(self, leader, now.voters()).isPresent())
                .flatMap(leader -> now.voters().stream()
                        .filter(voter -> voter.nodeId().equals(leader))
                        .flatMap(voter -> Optional.ofNullable(addresses.get(voter)).stream())
                        .findFirst()
                        .map(at -> new Watched(leader, now.term(), at)));
        if (wanted.equals(watched)) {
            return;
        }
        end();
        watched = wanted;
        watch = wanted.map(leader ->
                new LeaderWatch(leader.at, () -> thread.accept(Duration.ZERO, () -> died(leader))).start());
    }

    /** Watches nobody. */
    void end() {
        watch.ifPresent(LeaderWatch::close);
        watch = Optional.empty();
        watched = Optional.empty();
    }

    private void died(Watched leader) {
        ConnectionLoss.delay(self, leader.leader, report.get().voters())
                .ifPresent(delay -> thread.accept(delay, () -> stand(leader)));
    }

    private void stand(Watched dead) {
        RaftReport now = report.get();
        if (ConnectionLoss.stillWanted(now, dead.leader, dead.term)) {
            now.voters().stream()
                    .filter(voter -> voter.nodeId().equals(dead.leader))
                    .findFirst()
                    .ifPresent(stand);
        }
    }
}
