package io.ringrift.agent.consensus.raft;

import io.ringrift.agent.consensus.Epochs;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.bully.Bully;
import io.ringrift.agent.consensus.bully.BullyEffect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns "this peer leads in Raft" into "this node leads the cluster under an epoch", and back. Three things have to hold before a node that Raft
 * elected acts: the entry that assigns the epoch is applied, so that the log takes commands of nobody else; enough members have
 * promised the epoch, so that no leader of Bully's acts beside it; and so much time has passed since its election that a former leader's lease has
 * run out. See docs/adr/0005.
 *
 * <p>Pure: reports and the time go in, orders and messages come out. Not thread-safe.
 */
public final class RaftAuthority {
    /** For how long Raft has had to lead before it takes over from a leader of Bully's that works. */
    public static final Duration HYSTERESIS = Duration.ofSeconds(10);

    /** An entry that is not applied by then is proposed again. */
    private static final Duration BEGIN_AGAIN = Duration.ofSeconds(1);

    private final String self;
    private final Bully bully;
    private RaftTimes times;
    private Optional<Reign> reign = Optional.empty();
    private Optional<Duration> readySince = Optional.empty();
    private Optional<Long> acting = Optional.empty();

    private record Reign(long term, long epoch, Duration begunAt) {}

    /** What is wanted of Raft's peer and of the other members. */
    public record Wanted(List<RaftOrder> orders, List<BullyEffect> messages) {}

    public RaftAuthority(String self, Bully bully, RaftTimes times) {
        this.self = self;
        this.bully = bully;
        this.times = times;
    }

    /** Takes another latency profile. */
    public void configure(RaftTimes changed) {
        times = changed;
    }

    /**
     * Brings everything in line with what the peer reports.
     *
     * @param wanted Raft is to decide here: the mode says so, and this node takes part
     * @param alone no member takes part in Bully's elections, so no promises of members are needed
     */
    public Wanted settle(boolean wanted, boolean alone, RaftReport report, Duration now) {
        List<RaftOrder> orders = new ArrayList<>();
        List<BullyEffect> messages = new ArrayList<>();
        boolean leads = wanted && report.leads();
        readySince = leads ? readySince.or(() -> Optional.of(now)) : Optional.empty();
        if (!leads || reign.filter(r -> r.term != report.term()).isPresent()) {
            end(messages, now);
        }
        if (leads) {
            begin(report, orders, messages, now);
            messages.addAll(lead(alone, report, now));
        }
        act(orders);
        return new Wanted(orders, messages);
    }

    /** The epoch under which this node acts, as far as elections go; its lease among the voters is not part of that. */
    public Optional<Long> acting() {
        return acting;
    }

    /** When {@link #settle} is wanted next; empty while only news can change anything. */
    public Optional<Duration> nextDeadline(RaftReport report, Duration now) {
        if (!report.leads() || acting.isPresent()) {
            return Optional.empty();
        }
        Duration patience = now.plus(times.patience()).minus(report.leaderFor());
        if (patience.compareTo(now) > 0) {
            return Optional.of(patience);
        }
        return reign.map(r -> r.begunAt.plus(BEGIN_AGAIN))
                .or(() -> readySince.map(since -> since.plus(HYSTERESIS)))
                .map(due -> due.compareTo(now) > 0 ? due : now.plus(BEGIN_AGAIN));
    }

    /** Assigns itself a new epoch where it has none, or where that one cannot be had. */
    private void begin(RaftReport report, List<RaftOrder> orders, List<BullyEffect> messages, Duration now) {
        boolean overtaken = reign.filter(r -> report.epoch() >= r.epoch && !isApplied(r, report))
                .isPresent();
        boolean lost = reign.filter(r -> isApplied(r, report)).isPresent()
                && bully.raftLeads() == 0
                && !bully.raftClaimUnderWay();
        if (reign.isEmpty()
                ? mayTakeOver(now)
                : overtaken || lost || bully.raftClaimRefused() || bully.raftOvertaken()) {
            long known = Math.max(Math.max(report.epoch(), bully.highestKnown()), bully.fresh() ? bully.floor() : 0);
            long epoch = Epochs.nextOfRaft(known + (followsOnALostGroup(report) ? Epochs.UNNOTICED : 0));
            reign = Optional.of(new Reign(report.term(), epoch, now));
            orders.add(new RaftOrder.Begin(report.term(), epoch));
            messages.addAll(bully.claimForRaft(epoch, now));
        } else {
            reign.filter(r -> !isApplied(r, report))
                    .filter(r -> now.minus(r.begunAt).compareTo(BEGIN_AGAIN) >= 0)
                    .ifPresent(r -> {
                        reign = Optional.of(new Reign(r.term, r.epoch, now));
                        orders.add(new RaftOrder.Begin(r.term, r.epoch));
                    });
        }
    }

    /** That was founded again, because one was lost, which may still elect leaders where nobody here hears of it. */
    private static boolean followsOnALostGroup(RaftReport report) {
        return report.epoch() == 0
                && report.disk().filter(disk -> disk.incarnation() > 1).isPresent();
    }

    /** At once where nobody leads; a leader of Bully's is left alone until Raft has led for a while. */
    private boolean mayTakeOver(Duration now) {
        boolean bullyLeads = bully.leadership(now)
                .source()
                .filter(Leadership.Source.BULLY::equals)
                .isPresent();
        return !bullyLeads || now.minus(readySince.orElse(now)).compareTo(HYSTERESIS) >= 0;
    }

    private List<BullyEffect> lead(boolean alone, RaftReport report, Duration now) {
        boolean mayBegin = reign.filter(r -> isApplied(r, report)).isPresent()
                && report.leaderFor().compareTo(times.patience()) >= 0;
        return mayBegin ? bully.leadForRaft(alone, now) : List.of();
    }

    private void act(List<RaftOrder> orders) {
        Optional<Long> now = reign.map(Reign::epoch).filter(epoch -> bully.raftLeads() == epoch);
        if (!now.equals(acting)) {
            acting = now;
            orders.add(new RaftOrder.Act(now));
        }
    }

    private void end(List<BullyEffect> messages, Duration now) {
        if (reign.isPresent()) {
            reign = Optional.empty();
            messages.addAll(bully.endRaft(now));
        }
    }

    private boolean isApplied(Reign r, RaftReport report) {
        return report.epoch() == r.epoch && report.holder().filter(self::equals).isPresent();
    }
}
