package io.ringrift.operator.apply;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** When a pod's agent was asked for something, by the pod's uid. Bounded: what is forgotten is asked once more. Thread-safe. */
final class AskedPods {
    private static final int MOST_REMEMBERED = 2_000;

    private final Map<String, Instant> asked = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    synchronized Optional<Instant> when(String uid) {
        return Optional.ofNullable(asked.get(uid));
    }

    synchronized void remember(String uid, Instant now) {
        asked.put(uid, now);
    }
}
