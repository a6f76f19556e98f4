package io.ringrift.agent.raft;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.consensus.raft.PeerDisk;
import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.PeerPlan;
import io.ringrift.agent.consensus.raft.RaftOrder;
import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.consensus.raft.RaftReport.State;
import io.ringrift.agent.consensus.raft.RaftRole;
import io.ringrift.agent.consensus.raft.Supervision;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.raft.wire.Sockets;
import io.ringrift.agent.runtime.RaftPort;
import io.ringrift.agent.security.TlsWatch;
import io.ringrift.agent.state.ReplicatedState;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Runs this node's Raft peer as it is told, and watches over it. Everything that may block happens on one thread of its own, which
 * there is only once Raft was wanted.
 */
public final class RaftHost implements RaftPort {
    private static final Duration LOOK = Duration.ofMillis(500);
    /**
     * The log is closed long before. Ratis goes on to wait, for two seconds and more, that nothing comes any more over connections which end with
     * the process anyway.
     */
    private static final Duration CLOSING = Duration.ofMillis(500);

    /** An election takes less, where one can be won. */
    private static final Duration UNTIL_ELECTED = Duration.ofSeconds(1);

    private final System.Logger log = System.getLogger(RaftHost.class.getName());
    private final RaftDirectory directory;
    private final PeerMaker maker;
    private final ScheduledThreadPoolExecutor thread;
    private final List<Consumer<RaftReport>> followers = new CopyOnWriteArrayList<>();
    private final AtomicBoolean reporting = new AtomicBoolean();
    private final Supervision supervision = new Supervision();
    private final LocalLog localLog;
    private final LeaderDeath death;
    private final WarmUp warmUp = new WarmUp();
    private final long startNanos = System.nanoTime();

    private Optional<PeerPlan> plan = Optional.empty();
    private Map<PeerId, Address> addresses = Map.of();
    private Optional<ScheduledFuture<?>> looking = Optional.empty();
    private volatile Optional<PeerDisk> disk = Optional.empty();
    private volatile Optional<String> trouble = Optional.empty();
    private volatile Peer peer;
    private boolean abstains;
    private volatile RaftReport latest = RaftReport.off();

    /** Makes a running peer; blocks. */
    @FunctionalInterface
    interface PeerMaker {
        Peer make(PeerPlan plan, Map<PeerId, Address> addresses, Runnable changed, Consumer<String> failed)
                throws IOException;
    }

    RaftHost(RaftDirectory directory, PeerMaker maker) {
        this.directory = directory;
        this.maker = maker;
        this.localLog = new LocalLog(directory.nodeId(), () -> Optional.ofNullable(peer), () -> latest, this::tellSoon);
        this.thread = new ScheduledThreadPoolExecutor(
                1, run -> Thread.ofPlatform().daemon().name("ringrift-raft").unstarted(run));
        this.death = new LeaderDeath(directory.nodeId(), this::report, this::later, this::stand);
    }

    /**
     * A host that runs no peer yet.
     *
     * @param tls how peers prove to each other who they are; empty: anybody may speak to this one
     */
    public static RaftHost of(AgentConfig config, Optional<TlsWatch> tls) {
        RaftDirectory directory =
                new RaftDirectory(config.dataDir(), config.clusterName(), config.nodeId(), new SecureRandom());
        String host = config.network().bindAddress();
        int port = config.network().raftPort();
        Sockets sockets = tls.map(RaftTls::of).orElseGet(Sockets::plain);
        EntryClock clock = new EntryClock(System::currentTimeMillis, System::nanoTime);
        return new RaftHost(
                directory,
                (plan, addresses, changed, failed) -> new RatisPeer(
                        plan, new RatisPeer.Place(directory, host, port, sockets, clock), addresses, changed, failed));
    }

    // ---- the loop's side

    @Override
    public void follow(Consumer<RaftReport> follower) {
        followers.add(follower);
    }

    @Override
    public Optional<Duration> leaseLeft() {
        Peer running = peer;
        return running == null ? Optional.empty() : running.leaseLeft();
    }

    @Override
    public void carryOut(RaftOrder order) {
        run(() -> {
            switch (order) {
                case RaftOrder.OpenDisk _ -> openDisk();
                case RaftOrder.Run(Optional<PeerPlan> wanted) -> change(wanted);
                case RaftOrder.Addresses(Map<PeerId, Address> byPeer) -> move(byPeer);
                case RaftOrder.Begin(long term, long epoch) -> begin(term, epoch);
                case RaftOrder.Act(Optional<Long> epoch) -> act(epoch);
                case RaftOrder.Reconfigure reconfigure -> reconfigure(reconfigure);
                case RaftOrder.Abstain(boolean wanted) -> abstain(wanted);
                case RaftOrder.Transfer(String nodeId) -> localLog.handOver(Optional.of(nodeId), Optional.empty());
            }
        });
    }

    /** Ends the peer with the process, which may end then even where Ratis is not done. Blocks for half a second at most. */
    public void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        run(() -> {
            change(Optional.empty());
            closed.complete(null);
        });
        closed.completeOnTimeout(null, CLOSING.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        thread.shutdownNow();
    }

    /** What is asked of the peer, by others than the loop. */
    public LocalLog localLog() {
        return localLog;
    }

    // ---- on the one thread

    private void openDisk() throws IOException {
        if (disk.isEmpty()) {
            try {
                disk = Optional.of(directory.open());
                trouble = Optional.empty();
            } catch (IOException unusable) {
                fail("Raft cannot use " + directory.root() + ": " + unusable.getMessage());
            }
        }
        tell();
    }

    private void change(Optional<PeerPlan> wanted) {
        if (wanted.equals(plan)) {
            return;
        }
        plan = wanted;
        supervision.reset();
        trouble = Optional.empty();
        stop();
        looking.ifPresent(timer -> timer.cancel(false));
        looking = wanted.map(some -> thread.scheduleWithFixedDelay(
                () -> run(this::look), LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS));
        wanted.ifPresent(this::start);
        tell();
    }

    private void start(PeerPlan wanted) {
        try {
            PeerDisk known = disk.orElseThrow(() -> new IOException("the disk was not opened"));
            if (wanted.way() != PeerPlan.Way.RESUME) {
                disk = Optional.of(directory.begin(known, wanted.incarnation(), wanted.founders()));
            }
            peer = maker.make(resumed(wanted, known), addresses, this::tellSoon, this::fail);
            if (abstains) {
                peer.abstain(true);
            }
            trouble = Optional.empty();
        } catch (IOException | RuntimeException failure) {
            fail("Raft's peer does not start: " + failure.getMessage());
        }
    }

    /** A peer that founded or joined once goes on from its disk when it is started again. */
    private static PeerPlan resumed(PeerPlan wanted, PeerDisk before) {
        return before.incarnation() == wanted.incarnation()
                ? new PeerPlan(
                        wanted.self(), wanted.incarnation(), wanted.founders(), PeerPlan.Way.RESUME, wanted.profile())
                : wanted;
    }

    private void stop() {
        act(Optional.empty());
        death.end();
        Peer running = peer;
        peer = null;
        if (running != null) {
            running.close();
        }
    }

    /** What counts for the peers that are started after this one too. */
    private void abstain(boolean wanted) {
        abstains = wanted;
        if (peer != null) {
            Peer same = peer;
            same.abstain(wanted);
            later(UNTIL_ELECTED, () -> standAgain(same));
        }
    }

    /**
     * Of a peer that hears no leader while it abstains Ratis makes a candidate that does nothing, and goes on to do nothing when it may stand again:
     * until another leads, or it is started again.
     */
    private void standAgain(Peer same) {
        if (peer == same && !abstains && same.report().role() == RaftRole.CANDIDATE) {
            log.log(Level.INFO, "[Raft] Starting the peer again: it would have stood while it abstained");
            startAgain();
        }
    }

    private void move(Map<PeerId, Address> byPeer) {
        addresses = byPeer;
        Peer running = peer;
        if (running != null) {
            running.addresses(byPeer);
        }
    }

    private void begin(long term, long epoch) {
        Peer running = peer;
        if (running == null || latest.term() != term) {
            return;
        }
        running.propose(ReplicatedState.begin(epoch, directory.nodeId())).whenComplete((applied, failure) -> {
            if (failure != null) {
                log.log(Level.DEBUG, "[Raft] Epoch {0} was not begun: {1}", epoch, failure.getMessage());
            }
            tellSoon();
        });
    }

    private void act(Optional<Long> epoch) {
        epoch.ifPresent(begun ->
                log.log(Level.INFO, "[Raft] Became leader for term {0} (epoch {1})", text(latest.term()), text(begun)));
        localLog.act(epoch);
    }

    private void reconfigure(RaftOrder.Reconfigure order) {
        Peer running = peer;
        if (running == null) {
            return;
        }
        running.reconfigure(order.from(), order.voters()).whenComplete((done, failure) -> {
            if (failure == null) {
                log.log(Level.INFO, "[Raft] Voters are now {0}", order.voters());
            } else {
                log.log(
                        Level.WARNING,
                        "[Raft] The voters could not be changed to {0}: {1}",
                        order.voters(),
                        failure.getMessage());
            }
            tellSoon();
        });
    }

    /** Looks after the peer twice a second: Ratis closes one by itself in several situations, and the process lives on. */
    private void look() {
        switch (supervision.look(report(), now())) {
            case LEAVE -> {}
            case START_AGAIN -> {
                log.log(
                        Level.WARNING,
                        "[Raft] Starting the peer again (failed {0} times in a row)",
                        supervision.failures());
                startAgain();
            }
            case START_AS_VOTER -> {
                log.log(Level.INFO, "[Raft] Taken into the group; starting as a voter");
                startAgain();
            }
            case GIVE_UP_LEAD ->
                giveUp("Raft's peer was elected and never began to lead: it was stopped, so that another can be");
            case ELECTED_IN_VAIN ->
                giveUp(
                        "Raft's voters elect one leader after the other and nothing is committed: the peer starts again");
        }
        tell();
    }

    /** It is started again as one that failed by itself is. */
    private void giveUp(String why) {
        stop();
        fail(why);
    }

    private void startAgain() {
        stop();
        plan.ifPresent(this::start);
    }

    private void fail(String why) {
        if (!trouble.equals(Optional.of(why))) {
            log.log(Level.ERROR, "[Raft] {0}", why);
        }
        trouble = Optional.of(why);
        tellSoon();
    }

    private void tellSoon() {
        if (reporting.compareAndSet(false, true)) {
            run(this::tell);
        }
    }

    private void tell() {
        reporting.set(false);
        RaftReport now = report();
        supervise(now);
        death.follow(now, addresses);
        Optional.ofNullable(peer).ifPresent(running -> warmUp.follow(running, now, now()));
        latest = now;
        followers.forEach(follower -> follower.accept(now));
    }

    private RaftReport report() {
        Peer running = peer;
        if (running == null || trouble.isPresent()) {
            State state = trouble.isPresent() ? State.FAILED : plan.isPresent() ? State.STARTING : State.OFF;
            return RaftReport.without(disk, state, trouble);
        }
        return running.report().withDisk(disk);
    }

    private void supervise(RaftReport now) {
        if (plan.isEmpty()) {
            return;
        }
        if (now.state() == State.FAILED) {
            if (supervision.failed(now()) && trouble.isEmpty()) {
                now.trouble().ifPresent(why -> log.log(Level.WARNING, "[Raft] {0}", why));
            }
        } else {
            supervision.started(now());
        }
    }

    /** Without the separators that a log's formatter would put into a number. */
    private static String text(long number) {
        return Long.toString(number);
    }

    private Duration now() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private void stand(PeerId leader) {
        Peer running = peer;
        if (running != null) {
            running.stand(leader);
        }
    }

    private void later(Duration after, Runnable step) {
        if (after.isZero()) {
            run(step::run);
        } else {
            thread.schedule(() -> run(step::run), after.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void run(Step step) {
        try {
            thread.execute(() -> {
                try {
                    step.run();
                } catch (IOException | RuntimeException defect) {
                    log.log(Level.ERROR, "[Raft] Unexpected", defect);
                }
            });
        } catch (RejectedExecutionException closed) {
            log.log(Level.DEBUG, "[Raft] Closed already");
        }
    }
}
