package io.ringrift.agent.consensus.raft;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How this node's peer makes room before the node leaves, be that at once or after a while. While another voter could lead, it stands for no
 * election: it could win again over the successor that it hands leadership to. A leader that nobody can follow goes on until somebody can.
 *
 * <p>Pure: reports and the time go in, orders come out. Not thread-safe.
 */
public final class Retirement {
    /** Time for a hand-over to show in the reports. */
    private static final Duration AGAIN = Duration.ofSeconds(3);

    private final String self;
    private boolean retired;
    private boolean abstains;
    private Duration next = Duration.ZERO;

    public Retirement(String self) {
        this.self = self;
    }

    /** Begins, for as long as this run lasts; what was tried a moment ago is tried again at once. */
    public void begin(Duration now) {
        retired = true;
        next = now;
    }

    /**
     * What is wanted of the peer.
     *
     * @param couldTakeOver whether the node of that id lives and has not retired itself
     */
    public List<RaftOrder> orders(RaftReport report, Predicate<String> couldTakeOver, Duration now) {
        List<RaftOrder> orders = new ArrayList<>();
        if (!retired) {
            return orders;
        }
        boolean others = report.voters().stream()
                .map(PeerId::nodeId)
                .anyMatch(nodeId -> !nodeId.equals(self) && couldTakeOver.test(nodeId));
        if (others != abstains) {
            abstains = others;
            orders.add(new RaftOrder.Abstain(others));
        }
        Optional<String> successor = now.compareTo(next) >= 0 ? successor(report, couldTakeOver) : Optional.empty();
        successor.ifPresent(nodeId -> {
            orders.add(new RaftOrder.Transfer(nodeId));
            next = now.plus(AGAIN);
        });
        return orders;
    }

    /** To whom this leader could hand over; empty where it does not lead. */
    public static Optional<String> successor(RaftReport report, Predicate<String> couldTakeOver) {
        return report.disk()
                .filter(disk -> report.leads())
                .flatMap(disk -> VoterChange.bestFollower(disk.self(), report, couldTakeOver));
    }
}
