package io.ringrift.agent.state;

import io.ringrift.agent.state.Command.NewWork;
import io.ringrift.agent.state.WorkItem.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Work: added, claimed, started, and completed or failed. Every piece is in exactly one state, and held by one node at most. */
final class WorkQueue {
    private static final byte[] NOTHING = "null".getBytes(StandardCharsets.US_ASCII);
    private static final int PAGE_BYTES = 1 << 20;

    private final Budget budget;
    private final NavigableMap<String, WorkItem> items = new TreeMap<>();
    private final WorkIndex index = new WorkIndex();
    private long sequence;

    WorkQueue(Budget budget) {
        this.budget = budget;
    }

    Answer add(List<NewWork> wanted, long now) {
        Set<String> ids = new HashSet<>();
        for (NewWork work : wanted) {
            work.id().filter(id -> items.containsKey(id) || !ids.add(id)).ifPresent(id -> {
                throw new Refused(
                        Answer.Code.ALREADY_EXISTS,
                        "There is work " + id + " already; nothing was added.",
                        Map.of("work_id", id));
            });
        }
        List<WorkItem> added = new ArrayList<>();
        long next = sequence;
        for (NewWork work : wanted) {
            next++;
            added.add(item(work, next, unused(work, next, ids), now));
        }
        long size = added.stream().mapToLong(WorkItem::size).sum();
        budget.require(size);
        budget.adjust(0, size);
        sequence = next;
        added.forEach(item -> {
            items.put(item.id(), item);
            index.add(item);
        });
        return new Answer.Added(added);
    }

    Answer claim(String node, Set<String> types, int max, long now) {
        List<WorkItem> claimed = new ArrayList<>();
        int bytes = 0;
        while (claimed.size() < max) {
            Optional<WorkItem> best = index.best(types);
            bytes += best.map(item -> item.config().length + item.outcome().length)
                    .orElse(0);
            if (best.isEmpty() || (bytes > PAGE_BYTES && !claimed.isEmpty())) {
                break;
            }
            claimed.add(change(best.get(), best.get().claimed(node, now)));
        }
        return new Answer.Claimed(claimed);
    }

    Answer start(String id, String node, long now) {
        WorkItem item = heldBy(id, node, "started", Set.of(Status.CLAIMED));
        return new Answer.Work(change(item, item.started(now)));
    }

    Answer complete(String id, String node, byte[] result, long now) {
        WorkItem item = heldBy(id, node, "completed", Set.of(Status.RUNNING));
        budget.require(result.length);
        return new Answer.Work(change(item, item.completed(result, now)));
    }

    Answer fail(String id, String node, byte[] error, long now) {
        WorkItem item = heldBy(id, node, "failed", Set.of(Status.CLAIMED, Status.RUNNING));
        budget.require(error.length);
        return new Answer.Work(change(item, item.released(error, now)));
    }

    Answer get(String id) {
        return new Answer.Work(present(id));
    }

    Answer list(Optional<Status> status, Optional<String> node, Optional<String> after, int limit) {
        List<WorkItem> page = new ArrayList<>();
        int bytes = 0;
        NavigableMap<String, WorkItem> from =
                after.map(id -> items.tailMap(id, false)).orElse(items);
        for (WorkItem item : from.values()) {
            if (status.filter(wanted -> wanted != item.status()).isPresent()
                    || node.filter(wanted -> !item.claimant().equals(node)).isPresent()) {
                continue;
            }
            bytes += item.config().length + item.outcome().length;
            if (page.size() == limit || (bytes > PAGE_BYTES && !page.isEmpty())) {
                return new Answer.WorkPage(page, true);
            }
            page.add(item);
        }
        return new Answer.WorkPage(page, false);
    }

    Answer count() {
        return new Answer.WorkCounts(index.counts());
    }

    /** Whether a claim of these types would get anything. */
    boolean hasPending(Set<String> types) {
        return index.best(types).isPresent();
    }

    /** Ends claims that are overdue, and forgets what ended long ago. */
    void advance(long now) {
        for (Optional<WorkItem> due = index.overdue(now); due.isPresent(); due = index.overdue(now)) {
            release(due.get(), "timed out after " + due.get().timeoutMillis() / 1000.0 + " s", now);
        }
        for (Optional<WorkItem> old = index.forgettable(now); old.isPresent(); old = index.forgettable(now)) {
            remove(old.get());
        }
    }

    /** What these nodes hold goes back. */
    void release(Set<String> nodes, long now) {
        for (WorkItem item : index.held()) {
            item.claimant()
                    .filter(nodes::contains)
                    .ifPresent(node -> release(item, "the node " + node + " is gone", now));
        }
    }

    /** Who holds work. */
    Set<String> claimants() {
        Set<String> claimants = new TreeSet<>();
        index.held().forEach(item -> item.claimant().ifPresent(claimants::add));
        return claimants;
    }

    OptionalLong nextDeadline() {
        return index.nextDeadline();
    }

    void write(Encoder out) throws IOException {
        out.number(sequence).many(items.values(), (to, item) -> item.write(to));
    }

    /** Into an empty one. */
    void read(Decoder in) throws IOException {
        sequence = in.number();
        for (WorkItem item : in.many(WorkItem::read)) {
            items.put(item.id(), item);
            index.add(item);
            budget.adjust(0, item.size());
        }
    }

    /** After a restore: no number comes a second time. */
    void continueFrom(WorkQueue before) {
        sequence = Math.max(sequence, before.sequence);
    }

    int size() {
        return items.size();
    }

    private static WorkItem item(NewWork work, long number, String id, long now) {
        return new WorkItem(
                id,
                work.type(),
                work.config(),
                work.priority(),
                work.maxAttempts(),
                work.timeoutMillis(),
                number,
                now,
                Status.PENDING,
                0,
                Optional.empty(),
                now,
                0,
                NOTHING);
    }

    private String unused(NewWork work, long number, Set<String> taken) {
        if (work.id().isPresent()) {
            return work.id().get();
        }
        String id = "work-" + number;
        while (items.containsKey(id) || taken.contains(id)) {
            id += "-1";
        }
        return id;
    }

    private void release(WorkItem item, String why, long now) {
        change(item, item.released(("\"" + why + "\"").getBytes(StandardCharsets.UTF_8), now));
    }

    private WorkItem change(WorkItem before, WorkItem after) {
        budget.adjust(before.size(), after.size());
        index.remove(before);
        index.add(after);
        items.put(after.id(), after);
        return after;
    }

    private void remove(WorkItem item) {
        index.remove(item);
        items.remove(item.id());
        budget.adjust(item.size(), 0);
    }

    private WorkItem present(String id) {
        WorkItem item = items.get(id);
        if (item == null) {
            throw new Refused(Answer.Code.NOT_FOUND, "There is no work " + id + ".");
        }
        return item;
    }

    private WorkItem heldBy(String id, String node, String what, Set<Status> from) {
        WorkItem item = present(id);
        String status = item.status().name().toLowerCase(Locale.ROOT);
        if (item.status().isHeld() && !item.claimant().equals(Optional.of(node))) {
            String holder = item.claimant().orElseThrow();
            throw new Refused(
                    Answer.Code.NOT_CLAIMANT,
                    "Work " + id + " is " + status + " by " + holder + ", so it cannot be " + what + " by " + node
                            + ".",
                    Map.of("work_id", id, "claimant", holder, "status", status));
        }
        if (!from.contains(item.status())) {
            throw new Refused(
                    Answer.Code.WRONG_STATE,
                    "Work " + id + " is " + status + ", so it cannot be " + what + ".",
                    Map.of("work_id", id, "status", status));
        }
        return item;
    }
}
