package io.ringrift.agent.gateway;

import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.runtime.RaftPort;
import io.ringrift.agent.state.Housekeeping;
import io.ringrift.agent.state.StateLog;
import io.ringrift.agent.state.StateLogException;
import io.ringrift.agent.state.StateRequest;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * While this node leads: proposes what is due in the replicated state by time or by membership. It looks when the Raft peer reports, on that thread, and has no timer of
 * its own: at rest waking a thread is most of what a look costs.
 */
public final class Housekeeper {
    private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();

    private final System.Logger logger = System.getLogger(Housekeeper.class.getName());
    private final Supplier<AgentView> view;
    private final StateLog log;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private long lookedNanos = System.nanoTime() - LOOK_NANOS;

    public Housekeeper(Supplier<AgentView> view, StateLog log) {
        this.view = view;
        this.log = log;
    }

    /** Looks twice to four times a second while {@code raft} reports. */
    public void follow(RaftPort raft) {
        raft.follow(report -> look());
    }

    private void look() {
        long now = System.nanoTime();
        if (now - lookedNanos >= LOOK_NANOS) {
            lookedNanos = now;
            keepHouse();
        }
    }

    private void keepHouse() {
        if (!log.mayAct() || !underWay.compareAndSet(false, true)) {
            return;
        }
        AgentView seen = view.get();
        Set<String> gone = nodes(seen, Housekeeper::isGone);
        Set<String> living = nodes(seen, member -> !isGone(member));
        try {
            long now = log.nowMillis();
            log.readLocal(state -> Housekeeping.next(state, gone, living, now))
                    .ifPresentOrElse(
                            command -> log.submit(
                                            List.of(StateRequest.of(command).encode()))
                                    .whenComplete((done, failure) -> underWay.set(false)),
                            () -> underWay.set(false));
        } catch (StateLogException stoppedMeanwhile) {
            underWay.set(false);
            logger.log(Level.DEBUG, "[Raft] {0}", stoppedMeanwhile.getMessage());
        }
    }

    private static boolean isGone(Member member) {
        return member.state() == MemberState.FAILED || member.state() == MemberState.LEFT;
    }

    private static Set<String> nodes(AgentView seen, Predicate<Member> which) {
        return seen.members().stream().filter(which).map(Member::nodeId).collect(Collectors.toUnmodifiableSet());
    }
}
