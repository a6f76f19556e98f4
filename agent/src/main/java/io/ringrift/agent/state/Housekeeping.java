package io.ringrift.agent.state;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** What the leader proposes by itself, so that claims of the dead and overdue ones end though nobody asks for anything. Pure. */
public final class Housekeeping {
    /** After so long without an entry there is one, so that every node knows about what time it is for the state: see {@link StateTime}. */
    public static final Duration IDLE = Duration.ofSeconds(30);

    private Housekeeping() {}

    /**
     * The next command that is due; empty where nothing is.
     *
     * @param gone members that are FAILED or LEFT
     * @param living members that are neither
     */
    public static Optional<Command> next(ReplicatedState state, Set<String> gone, Set<String> living, long nowMillis) {
        Set<String> holders = state.holders();
        // Membership forgets who has been gone for long; what such a node holds is as orphaned as before.
        Set<String> down = new TreeSet<>(state.nodesDown());
        down.removeIf(nodeId -> living.contains(nodeId) || !holders.contains(nodeId));
        down.addAll(gone);
        if (!down.equals(state.nodesDown()) || state.isWorkHeldBy(down)) {
            return Optional.of(new Command.NodesDown(down));
        }
        OptionalLong deadline = state.nextDeadlineMillis();
        boolean due = deadline.isPresent() && deadline.getAsLong() <= nowMillis;
        boolean idle = state.nowMillis() + IDLE.toMillis() <= nowMillis;
        return due || idle ? Optional.of(new Command.Tick()) : Optional.empty();
    }
}
