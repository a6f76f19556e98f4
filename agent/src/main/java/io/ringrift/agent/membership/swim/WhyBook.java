package io.ringrift.agent.membership.swim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The latest steps about each member that had any: the last {@value #STEPS} of the last {@value #NODES} nodes. */
final class WhyBook {
    private static final int NODES = 256;
    private static final int STEPS = 32;

    private final MemberTable table;
    private final LocalMember self;
    private final Timers timers;
    private final Map<String, Deque<WhyEntry>> byNode = new LinkedHashMap<>();

    WhyBook(MemberTable table, LocalMember self, Timers timers) {
        this.table = table;
        this.self = self;
        this.timers = timers;
    }

    void note(String nodeId, WhyEntry.Step step, long by, String detail) {
        note(nodeId, step, by, detail, 0);
    }

    void note(String nodeId, WhyEntry.Step step, long by, String detail, long tookNanos) {
        // Taken out and put back: the order is that of the latest step, and the eldest goes first.
        Deque<WhyEntry> steps = byNode.remove(nodeId);
        if (steps == null) {
            steps = new ArrayDeque<>();
            if (byNode.size() >= NODES) {
                byNode.remove(byNode.keySet().iterator().next());
            }
        }
        if (steps.size() >= STEPS) {
            steps.removeFirst();
        }
        steps.addLast(
                new WhyEntry(Duration.ofNanos(timers.wall()), step, nameOf(by), detail, Duration.ofNanos(tookNanos)));
        byNode.put(nodeId, steps);
    }

    List<WhyEntry> of(String nodeId) {
        Deque<WhyEntry> steps = byNode.get(nodeId);
        return steps == null ? List.of() : List.copyOf(steps);
    }

    private String nameOf(long instance) {
        int at = table.find(instance);
        return instance == self.instance()
                ? self.record().nodeId()
                : at >= 0 ? table.record(at).nodeId() : Long.toHexString(instance);
    }
}
