package io.ringrift.agent.state;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** What the leader proposes by itself, so that claims of the dead and overdue ones end though nobody asks for anything. Pure. */
public final class Housekeeping {
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
        return due ? Optional.of(new Command.Tick()) : Optional.empty();
    }
}
