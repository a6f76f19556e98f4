package io.ringrift.agent.history;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether there is an order of the operations in which each took effect at one moment between its call and its answer, and a system that does
 * one thing after the other would have answered the same. The search is Wing and Gong's with Lowe's memory of what was tried: a set of
 * operations that are done, with the state that they lead to, is tried once. Each partition of the model is searched by itself.
 */
final class Linearizability {
    private Linearizability() {}

    /** Why a history is impossible: the operations on one thing, and how far the search came. */
    record Violation(Object partition, String story) {}

    /** The first partition that cannot be explained; empty where all can. */
    static <S, I, O> Optional<Violation> check(Model<S, I, O> model, List<Operation<I, O>> history) {
        Map<Object, List<Operation<I, O>>> partitions = new LinkedHashMap<>();
        history.forEach(operation -> partitions
                .computeIfAbsent(model.partition(operation.input()), key -> new ArrayList<>())
                .add(operation));
        return partitions.entrySet().stream()
                .flatMap(entry -> new Search<>(model, entry.getValue())
                        .run().map(story -> new Violation(entry.getKey(), story)).stream())
                .findFirst();
    }

    private record Tried<S>(BitSet done, S state) {}

    /** A search in depth; the path is kept by hand because a history may be longer than the stack. */
    private static final class Search<S, I, O> {
        private final Model<S, I, O> model;
        private final List<Operation<I, O>> operations;
        private final int answered;
        private final Set<Tried<S>> tried = new HashSet<>();
        private final List<Choice<S>> path = new ArrayList<>();
        private final BitSet done = new BitSet();
        private BitSet furthest = new BitSet();
        private int answeredDone;

        /** States that may follow, and the one that is being tried. */
        private static final class Choice<S> {
            private final S before;
            private final List<Integer> candidates;
            private int next;
            private List<S> states = List.of();
            private int state;
            private int chosen = -1;

            private Choice(S before, List<Integer> candidates) {
                this.before = before;
                this.candidates = candidates;
            }
        }

        private Search(Model<S, I, O> model, List<Operation<I, O>> history) {
            this.model = model;
            this.operations = history.stream()
                    .sorted(Comparator.comparingLong(Operation::call))
                    .toList();
            this.answered = (int) operations.stream()
                    .filter(operation -> operation.output().isPresent())
                    .count();
        }

        /** Empty where an order was found. */
        private Optional<String> run() {
            path.add(new Choice<>(model.initial(), candidates()));
            while (answeredDone < answered) {
                if (!advance(path.getLast())) {
                    path.removeLast();
                    if (path.isEmpty()) {
                        return Optional.of(story());
                    }
                    undo(path.getLast());
                }
            }
            return Optional.empty();
        }

        /** Takes the next step that was not tried; false where none is left. */
        private boolean advance(Choice<S> here) {
            while (true) {
                if (here.state < here.states.size()) {
                    S after = here.states.get(here.state++);
                    apply(here);
                    if (tried.add(new Tried<>((BitSet) done.clone(), after))) {
                        path.add(new Choice<>(after, candidates()));
                        return true;
                    }
                    undo(here);
                } else if (here.next < here.candidates.size()) {
                    here.chosen = here.candidates.get(here.next++);
                    here.states = model.after(here.before, operations.get(here.chosen));
                    here.state = 0;
                } else {
                    return false;
                }
            }
        }

        private void apply(Choice<S> here) {
            done.set(here.chosen);
            answeredDone += operations.get(here.chosen).output().isPresent() ? 1 : 0;
            if (done.cardinality() > furthest.cardinality()) {
                furthest = (BitSet) done.clone();
            }
        }

        private void undo(Choice<S> here) {
            done.clear(here.chosen);
            answeredDone -= operations.get(here.chosen).output().isPresent() ? 1 : 0;
        }

        /** Operations that began before any other that is not done had ended. */
        private List<Integer> candidates() {
            List<Integer> candidates = new ArrayList<>();
            long earliestEnd = Long.MAX_VALUE;
            for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
                Operation<I, O> operation = operations.get(i);
                if (operation.call() > earliestEnd) {
                    break;
                }
                earliestEnd = Math.min(earliestEnd, operation.end());
                candidates.add(i);
            }
            long end = earliestEnd;
            candidates.removeIf(i -> operations.get(i).call() > end);
            // What was answered soonest is the likeliest to have been done first, and what is unknown may wait.
            candidates.sort(Comparator.comparingLong(i -> operations.get(i).end()));
            return candidates;
        }

        private String story() {
            StringBuilder text = new StringBuilder("cannot be in any order; done in the longest attempt [x], not [ ]:");
            for (int i = 0; i < operations.size(); i++) {
                Operation<I, O> operation = operations.get(i);
                text.append("%n  [%s] %d-%s %s: %s -> %s"
                        .formatted(
                                furthest.get(i) ? "x" : " ",
                                operation.call(),
                                operation.end() == Long.MAX_VALUE ? "?" : Long.toString(operation.end()),
                                operation.client(),
                                operation.input(),
                                operation.output().map(Object::toString).orElse("unknown")));
            }
            return text.toString();
        }
    }
}
