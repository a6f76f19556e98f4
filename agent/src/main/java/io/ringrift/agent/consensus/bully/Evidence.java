package io.ringrift.agent.consensus.bully;

import io.ringrift.agent.config.AgentConfig.BullyQuorum;
import io.ringrift.agent.consensus.Epochs;
import io.ringrift.agent.consensus.Leadership.Source;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What other nodes told of their part in elections since this process started. */
final class Evidence {
    /** Distance of two configuration generations' floors: more elections than one generation sees. */
    static final long GENERATION_STEP = 1_000_000;

    private final Map<String, BullyStatus> statuses = new HashMap<>();
    /** Told after this process started, because addressed to this very run. */
    private final Map<String, Told> direct = new HashMap<>();

    private record Told(Holder by, BullyStatus status) {}

    /**
     * Nobody can be counting on a promise that a former run of this node gave, but this leader for the rest of its lease.
     *
     * @param leader the one that leads, if any
     * @param epoch the one it leads under; 0 for none
     * @param source who elected it
     */
    record Clearance(Optional<Holder> leader, long epoch, Source source) {}

    /** Whether this is the first that its sender told this very run. */
    boolean heard(Holder sender, BullyStatus status, boolean addressedToThisRun) {
        statuses.put(sender.nodeId(), status);
        return addressedToThisRun && direct.put(sender.nodeId(), new Told(sender, status)) == null;
    }

    void retain(Set<String> nodeIds) {
        statuses.keySet().retainAll(nodeIds);
        direct.keySet().retainAll(nodeIds);
    }

    long priority(String nodeId) {
        BullyStatus status = statuses.get(nodeId);
        return status == null ? 0 : status.priority();
    }

    boolean isRetired(String nodeId) {
        BullyStatus status = statuses.get(nodeId);
        return status != null && status.retired();
    }

    long highestEpoch() {
        return statuses.values().stream().mapToLong(BullyStatus::epoch).max().orElse(0);
    }

    /** Given when every other member was heard since this run started, none claims, and at most one leads. */
    Optional<Clearance> clearance(Electorate electorate, String self) {
        if (!heardEverybody(electorate, self)) {
            return Optional.empty();
        }
        Optional<Told> leader = Optional.empty();
        for (String member : electorate.members()) {
            if (member.equals(self)) {
                continue;
            }
            Told told = direct.get(member);
            boolean leads = told.status.leads() > 0;
            if (told.status.claiming() || leads && leader.isPresent()) {
                return Optional.empty();
            }
            leader = leads ? Optional.of(told) : leader;
        }
        long epoch = leader.map(told -> told.status.leads()).orElse(0L);
        Source source = leader.map(told -> told.status.source()).orElse(Source.BULLY);
        return Optional.of(new Clearance(leader.map(Told::by), epoch, source));
    }

    /**
     * The epoch that a node without memory takes for its highest promise.
     *
     * <p>A majority promised every epoch that had a leader. So whoever has heard enough nodes with memory that the others are no
     * majority has heard of every such epoch. Else, where everybody was heard, a majority is new or lost its disks: the
     * configuration's generation gives the floor. Where some were not heard and some remember, a gap covers what may be missing.
     */
    long baseline(Electorate electorate, String self, long generation) {
        long remembering = electorate.members().stream()
                .filter(member -> !member.equals(self))
                .map(direct::get)
                .filter(told -> told != null && !told.status.fresh())
                .count();
        long highest = highestEpoch();
        long silent = electorate.size() - remembering;
        if (silent < electorate.quorum(BullyQuorum.MAJORITY)) {
            return highest;
        }
        boolean covered = highest == 0 || heardEverybody(electorate, self);
        return Math.max(covered ? highest : highest + Epochs.UNNOTICED, floor(generation));
    }

    private boolean heardEverybody(Electorate electorate, String self) {
        return electorate.complete()
                && electorate.unknown() == 0
                && electorate.members().stream().allMatch(member -> member.equals(self) || direct.containsKey(member));
    }

    static long floor(long generation) {
        long steps = Math.max(0, generation - 1);
        return Math.min(steps, Epochs.MAX / 2 / GENERATION_STEP) * GENERATION_STEP;
    }
}
