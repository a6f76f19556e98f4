package io.ringrift.agent.membership.swim;

import java.util.EnumMap;
import java.util.Map;

/** What happened so far, for metrics. */
final class Counters {
    private final Map<Drop, Long> drops = new EnumMap<>(Drop.class);

    void drop(Drop reason) {
        drops.merge(reason, 1L, Long::sum);
    }

    Map<Drop, Long> drops() {
        return new EnumMap<>(drops);
    }
}
