package io.ringrift.agent.state;

import io.ringrift.agent.state.WorkItem.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Finds the work that is next for something, in logarithmic time. */
final class WorkIndex {
    /** Finished work is kept so long, so that one can look up what became of it, */
    static final long KEPT_MILLIS = 24 * 60 * 60 * 1000L;

    /** and so many pieces of it at most. */
    static final int KEPT_ITEMS = 10_000;

    private static final Comparator<WorkItem> BY_URGENCY =
            Comparator.comparingInt((WorkItem item) -> -item.priority()).thenComparingLong(WorkItem::sequence);
    private static final Comparator<WorkItem> BY_DEADLINE =
            Comparator.comparingLong(WorkItem::deadlineMillis).thenComparingLong(WorkItem::sequence);
    private static final Comparator<WorkItem> BY_CHANGE =
            Comparator.comparingLong(WorkItem::changedMillis).thenComparingLong(WorkItem::sequence);

    private final NavigableSet<WorkItem> pending = new TreeSet<>(BY_URGENCY);
    private final Map<String, NavigableSet<WorkItem>> pendingByType = new HashMap<>();
    private final NavigableSet<WorkItem> held = new TreeSet<>(BY_DEADLINE);
    private final NavigableSet<WorkItem> finished = new TreeSet<>(BY_CHANGE);
    private final Map<Status, Long> counts = new EnumMap<>(Status.class);

    void add(WorkItem item) {
        counts.merge(item.status(), 1L, Long::sum);
        switch (item.status()) {
            case PENDING -> {
                pending.add(item);
                pendingByType
                        .computeIfAbsent(item.type(), type -> new TreeSet<>(BY_URGENCY))
                        .add(item);
            }
            case CLAIMED, RUNNING -> held.add(item);
            case COMPLETED, FAILED -> finished.add(item);
        }
    }

    void remove(WorkItem item) {
        counts.merge(item.status(), -1L, Long::sum);
        switch (item.status()) {
            case PENDING -> {
                pending.remove(item);
                NavigableSet<WorkItem> ofType = pendingByType.get(item.type());
                ofType.remove(item);
                if (ofType.isEmpty()) {
                    pendingByType.remove(item.type());
                }
            }
            case CLAIMED, RUNNING -> held.remove(item);
            case COMPLETED, FAILED -> finished.remove(item);
        }
    }

    /** What is claimed next: highest priority first, then what was added first. */
    Optional<WorkItem> best(Set<String> types) {
        if (types.isEmpty()) {
            return pending.isEmpty() ? Optional.empty() : Optional.of(pending.first());
        }
        return types.stream()
                .map(pendingByType::get)
                .filter(ofType -> ofType != null)
                .map(NavigableSet::first)
                .min(BY_URGENCY);
    }

    Optional<WorkItem> overdue(long now) {
        return held.isEmpty() || held.first().deadlineMillis() > now ? Optional.empty() : Optional.of(held.first());
    }

    Optional<WorkItem> forgettable(long now) {
        boolean any = finished.size() > KEPT_ITEMS
                || (!finished.isEmpty() && finished.first().changedMillis() + KEPT_MILLIS <= now);
        return any ? Optional.of(finished.first()) : Optional.empty();
    }

    /** What somebody holds; a copy, because whoever reads it changes it. */
    List<WorkItem> held() {
        return List.copyOf(held);
    }

    OptionalLong nextDeadline() {
        return held.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(held.first().deadlineMillis());
    }

    /** In the order of {@link Status}. */
    List<Long> counts() {
        List<Long> all = new ArrayList<>();
        for (Status status : Status.values()) {
            all.add(counts.getOrDefault(status, 0L));
        }
        return all;
    }
}
