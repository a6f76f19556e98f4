package io.ringrift.agent.membership.swim;

import java.util.Arrays;
import java.util.function.Predicate;

/**
 * What is due, by time; of equal times the one added first. A heap of four children a node whose keys lie side by side in arrays: comparing two
 * entries follows no reference, which is most of what such a queue costs where thousands of them share a processor.
 */
final class TimeQueue<T extends Runnable> {
    private static final int CHILDREN = 4;

    private long[] times = new long[16];
    private long[] sequences = new long[16];
    private Runnable[] actions = new Runnable[16];
    private long added;
    private int size;

    int size() {
        return size;
    }

    /** When the first is due; there must be one. */
    long firstTime() {
        return times[0];
    }

    /** The first, which stays; there must be one. */
    T first() {
        return action(0);
    }

    void add(long time, T action) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            sequences = Arrays.copyOf(sequences, 2 * size);
            actions = Arrays.copyOf(actions, 2 * size);
        }
        rise(size++, time, added++, action);
    }

    /** Takes the first out; there must be one. */
    T poll() {
        T first = action(0);
        size--;
        long time = times[size];
        long sequence = sequences[size];
        Runnable action = actions[size];
        actions[size] = null;
        if (size > 0) {
            int hole = 0;
            for (int child = earliestChild(0); child < size && isBefore(child, time, sequence); ) {
                move(child, hole);
                hole = child;
                child = earliestChild(hole);
            }
            put(hole, time, sequence, action);
        }
        return first;
    }

    /** Takes out all that the predicate takes; the order of the others stays as it is. */
    void removeIf(Predicate<T> unwanted) {
        int before = size;
        size = 0;
        for (int at = 0; at < before; at++) {
            T action = action(at);
            actions[at] = null;
            if (!unwanted.test(action)) {
                rise(size++, times[at], sequences[at], action);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private T action(int at) {
        return (T) actions[at];
    }

    private void rise(int from, long time, long sequence, Runnable action) {
        int hole = from;
        while (hole > 0) {
            int parent = (hole - 1) / CHILDREN;
            if (isBefore(parent, time, sequence)) {
                break;
            }
            move(parent, hole);
            hole = parent;
        }
        put(hole, time, sequence, action);
    }

    /** The earliest of a node's children, or the size where it has none. */
    private int earliestChild(int node) {
        int first = CHILDREN * node + 1;
        int end = Math.min(size, first + CHILDREN);
        int earliest = Math.min(size, first);
        for (int child = first + 1; child < end; child++) {
            if (isBefore(child, times[earliest], sequences[earliest])) {
                earliest = child;
            }
        }
        return earliest;
    }

    private boolean isBefore(int at, long time, long sequence) {
        return times[at] != time ? times[at] < time : sequences[at] < sequence;
    }

    private void move(int from, int to) {
        put(to, times[from], sequences[from], actions[from]);
    }

    private void put(int at, long time, long sequence, Runnable action) {
        times[at] = time;
        sequences[at] = sequence;
        actions[at] = action;
    }
}
