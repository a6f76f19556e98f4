package io.ringrift.agent.rest;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * What each open connection is doing and until when it may. A pure table: it says which connections to close, it closes none.
 *
 * <p>It is the answer to whoever opens connections and sends nothing, or sends a byte now and then: no header, body or answer may take for ever, and
 * when there are too many connections, the one that has waited longest without a request makes room, so that a probe of the kubelet still
 * gets in.
 */
final class ConnectionTable<C> {

    /** What a connection does, and how long it may take. */
    enum Phase {
        /** Opened, no request yet. */
        FRESH(Duration.ofSeconds(10)),
        /** Waits for the next request; longer than the usual client keeps it, so that the client is the one who closes. */
        IDLE(Duration.ofSeconds(75)),
        /** The body is being received. */
        RECEIVING(Duration.ofSeconds(30)),
        /** The handler is at work; it has a time-out of its own. */
        ANSWERING(Duration.ofSeconds(60)),
        /** The answer is on its way, or an answered request's body still arrives. */
        SENDING(Duration.ofSeconds(10)),
        /** An event stream; it has rules of its own. */
        STREAMING(Duration.ofDays(36_500));

        private final Duration limit;

        Phase(Duration limit) {
            this.limit = limit;
        }
    }

    private record Entry(Phase phase, Duration deadline) {}

    // In the order in which phases were entered: the first waiting one has waited longest.
    private final SequencedMap<C, Entry> connections = new LinkedHashMap<>();

    /** @return the connection to close to make room for this one; this one itself where none is waiting */
    Optional<C> opened(C connection, int limit, Duration now) {
        Optional<C> evicted = connections.size() < limit
                ? Optional.empty()
                : Optional.of(longestWaiting().orElse(connection));
        enter(connection, Phase.FRESH, now);
        evicted.ifPresent(connections::remove);
        return evicted;
    }

    /** The one that has been taking its answer for the longest time. */
    Optional<C> longestSending() {
        return first(Set.of(Phase.SENDING));
    }

    /** Notes what the connection does from now on; a connection that is not in the table (any more) stays out. */
    void phase(C connection, Phase phase, Duration now) {
        if (connections.containsKey(connection)) {
            enter(connection, phase, now);
        }
    }

    Optional<Phase> phase(C connection) {
        return Optional.ofNullable(connections.get(connection)).map(Entry::phase);
    }

    void closed(C connection) {
        connections.remove(connection);
    }

    /** Those whose time is over; they leave the table. */
    List<C> expired(Duration now) {
        List<C> over = connections.entrySet().stream()
                .filter(entry -> entry.getValue().deadline().compareTo(now) <= 0)
                .map(Map.Entry::getKey)
                .toList();
        over.forEach(connections::remove);
        return over;
    }

    int size() {
        return connections.size();
    }

    private void enter(C connection, Phase phase, Duration now) {
        connections.putLast(connection, new Entry(phase, now.plus(phase.limit)));
    }

    private Optional<C> longestWaiting() {
        return first(Set.of(Phase.FRESH, Phase.IDLE));
    }

    private Optional<C> first(Set<Phase> phases) {
        return connections.entrySet().stream()
                .filter(entry -> phases.contains(entry.getValue().phase()))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
