package io.ringrift.agent.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What agents said of who leads: an epoch has one leader, at no agent does it ever fall, and nobody calls itself the leader under an epoch once
 * another has done so under a higher one.
 */
final class LeadershipLog {
    private final Map<Long, String> leaders = new HashMap<>();
    private final Map<String, Said> latest = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private long highestActing;
    private long highestActingSince = Long.MAX_VALUE;

    /**
     * What one agent answered.
     *
     * @param observer the agent; another name for one that lost its disk
     * @param acts it called itself the leader
     * @param call when it was asked, in nanoseconds of the recorder's clock
     * @param end when it had answered
     */
    record Said(String observer, String leader, long epoch, boolean acts, long call, long end) {}

    /** Takes answers in the order of their ends. */
    void note(Said said) {
        String known = leaders.putIfAbsent(said.epoch, said.leader);
        if (known != null && !known.equals(said.leader)) {
            violations.add("epoch %d: %s says that %s leads, and before it was %s"
                    .formatted(said.epoch, said.observer, said.leader, known));
        }
        Said before = latest.get(said.observer);
        if (before != null && said.call >= before.end && said.epoch < before.epoch) {
            violations.add("%s names epoch %d after %d".formatted(said.observer, said.epoch, before.epoch));
        }
        latest.put(said.observer, said);
        if (said.acts) {
            noteActor(said);
        }
    }

    private void noteActor(Said said) {
        if (said.epoch < highestActing && said.call >= highestActingSince) {
            violations.add("%s leads in epoch %d, %d ms after another did in epoch %d"
                    .formatted(said.observer, said.epoch, (said.call - highestActingSince) / 1_000_000, highestActing));
        }
        if (said.epoch > highestActing) {
            highestActing = said.epoch;
            highestActingSince = said.end;
        }
    }

    List<String> violations() {
        return List.copyOf(violations);
    }
}
