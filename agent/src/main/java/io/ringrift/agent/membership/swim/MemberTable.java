package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.Member.Modes;
import io.ringrift.agent.membership.MemberState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * Every other member this node knows, one entry a node id, in the order of their instances: that order is the ring. A member costs nine bytes here
 * beside its record. The hash of the view is kept up to date with every change.
 *
 * <p>Positions are valid until the next {@link #put} of a new node or {@link #remove}.
 */
final class MemberTable {
    /** Buckets of the full-state exchange. */
    static final int BUCKETS = 256;
    /** No more members than this are kept, the dead included. */
    static final int CAPACITY = 65_536;

    private static final MemberState[] STATES = MemberState.values();
    /** Marks a tombstone that no longer counts for the hash of the view. */
    private static final byte AGED = 8;

    private static final long TICK = 100_000_000L;

    private final int[] counts = new int[STATES.length];
    private MemberRecord[] records = {};
    private byte[] states = {};
    private int[] since = {};
    private int size;
    private long hash;
    private Optional<Modes> commonModes = Optional.empty();

    int size() {
        return size;
    }

    int count(MemberState state) {
        return counts[state.ordinal()];
    }

    /** Members that are probed and gossiped to: ALIVE and SUSPECTED. */
    int live() {
        return count(MemberState.ALIVE) + count(MemberState.SUSPECTED);
    }

    MemberRecord record(int at) {
        return records[at];
    }

    MemberState state(int at) {
        return STATES[states[at] & 3];
    }

    boolean isLive(int at) {
        return (states[at] & 3) <= MemberState.SUSPECTED.ordinal();
    }

    boolean isAged(int at) {
        return (states[at] & AGED) != 0;
    }

    /** When the state was entered, in nanoseconds since the process started, to a tenth of a second; negative: before it started. */
    long since(int at) {
        return since[at] * TICK;
    }

    /** Wrapping sum over the members: equal for equal views, whatever the order of events. Suspicions do not count, they pass. */
    long hash() {
        return hash;
    }

    /** Position of an instance, or a negative number. */
    int find(long instance) {
        int at = lowerBound(instance);
        return at < size && records[at].instance() == instance ? at : -1;
    }

    /** Position of a node by its id, or a negative number. */
    int findNode(String nodeId) {
        long prefix = MemberRecord.nameHash(nodeId) << 32;
        for (int at = lowerBound(prefix); at < size && records[at].instance() >>> 32 == prefix >>> 32; at++) {
            if (records[at].nodeId().equals(nodeId)) {
                return at;
            }
        }
        return -1;
    }

    /** Inserts or replaces the entry of the record's node. */
    void put(MemberRecord member, MemberState state, long sinceNanos) {
        int at = findNode(member.nodeId());
        if (at >= 0 && records[at].instance() != member.instance()) {
            remove(at);
            at = -1;
        }
        MemberRecord stored = shareModes(member);
        if (at < 0) {
            at = insert(stored);
        } else {
            count(at, -1);
            records[at] = stored;
        }
        states[at] = (byte) state.ordinal();
        since[at] = (int) (sinceNanos / TICK);
        count(at, 1);
    }

    /** Fills an empty table with living members, which come in the order of their instances; {@code except} is left out. */
    void load(List<MemberRecord> members, long except, long sinceNanos) {
        records = new MemberRecord[members.size()];
        states = new byte[records.length];
        since = new int[records.length];
        for (MemberRecord member : members) {
            if (member.instance() != except) {
                records[size] = member;
                since[size] = (int) (sinceNanos / TICK);
                count(size++, 1);
            }
        }
    }

    /** Takes a tombstone out of the hash and out of exchanges; it still refuses stale news. */
    void age(int at) {
        count(at, -1);
        states[at] |= AGED;
        count(at, 1);
    }

    void remove(int at) {
        count(at, -1);
        System.arraycopy(records, at + 1, records, at, size - at - 1);
        System.arraycopy(states, at + 1, states, at, size - at - 1);
        System.arraycopy(since, at + 1, since, at, size - at - 1);
        records[--size] = null;
    }

    /** Up to {@code count} different positions that the predicate takes, at random; the cost does not depend on the size unless few qualify. */
    List<Integer> pick(int count, RandomGenerator random, IntPredicate eligible) {
        List<Integer> picked = new ArrayList<>(count);
        for (int draws = 4 * count + 8; draws > 0 && picked.size() < count && size > 0; draws--) {
            int at = random.nextInt(size);
            if (eligible.test(at) && !picked.contains(at)) {
                picked.add(at);
            }
        }
        int start = size > 0 && picked.size() < count ? random.nextInt(size) : 0;
        for (int i = 0; i < size && picked.size() < count; i++) {
            int at = (start + i) % size;
            if (eligible.test(at) && !picked.contains(at)) {
                picked.add(at);
            }
        }
        return picked;
    }

    /** The nearest position after (step 1) or before (step -1) an instance on the ring that the predicate takes, or a negative number. */
    int neighbour(long instance, int step, IntPredicate eligible) {
        int from = lowerBound(instance);
        int first =
                step > 0 && from < size && records[from].instance() == instance ? from + 1 : step > 0 ? from : from - 1;
        for (int i = 0; i < size; i++) {
            int at = Math.floorMod(first + step * i, size);
            if (eligible.test(at)) {
                return at;
            }
        }
        return -1;
    }

    /** Hash of one member as it counts for the view and its bucket. */
    static long hashOf(MemberRecord member, MemberState state) {
        long life = state == MemberState.FAILED ? 1 : state == MemberState.LEFT ? 2 : 0;
        return mix(member.instance() + mix(member.incarnation() * 4 + life));
    }

    static int bucketOf(long instance) {
        return (int) (mix(instance) >>> 56);
    }

    private static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /**
     * The first position whose instance is not below this one. Instances begin with a checksum and so lie evenly: the search begins where that
     * says and widens, which touches the memory of one place instead of the whole table's; at worst it takes twice a binary search.
     */
    private int lowerBound(long instance) {
        int guess = (int) ((instance >>> 32) * size >>> 32);
        int low = guess;
        int high = guess;
        if (guess < size && isBelow(guess, instance)) {
            for (int step = 4; high < size && isBelow(high, instance); step *= 2) {
                low = high + 1;
                high = Math.min(size, low + step);
            }
        } else {
            for (int step = 4; low > 0 && !isBelow(low - 1, instance); step *= 2) {
                high = low - 1;
                low = Math.max(0, high - step);
            }
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (isBelow(middle, instance)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private boolean isBelow(int at, long instance) {
        return Long.compareUnsigned(records[at].instance(), instance) < 0;
    }

    private int insert(MemberRecord member) {
        if (size == records.length) {
            int larger = size + Math.max(16, size >> 2);
            records = Arrays.copyOf(records, larger);
            states = Arrays.copyOf(states, larger);
            since = Arrays.copyOf(since, larger);
        }
        int at = lowerBound(member.instance());
        System.arraycopy(records, at, records, at + 1, size - at);
        System.arraycopy(states, at, states, at + 1, size - at);
        System.arraycopy(since, at, since, at + 1, size - at);
        records[at] = member;
        size++;
        return at;
    }

    private void count(int at, int sign) {
        counts[states[at] & 3] += sign;
        if (!isAged(at)) {
            hash += sign * hashOf(records[at], state(at));
        }
    }

    /** Nearly all members run the same modes: one object serves them all. */
    private MemberRecord shareModes(MemberRecord member) {
        if (!commonModes.equals(member.modes())) {
            commonModes = member.modes();
        }
        return commonModes == member.modes() ? member : member.withModes(commonModes);
    }
}
