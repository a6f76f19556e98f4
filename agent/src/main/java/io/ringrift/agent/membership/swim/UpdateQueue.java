package io.ringrift.agent.membership.swim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * News to pass on: the newest of each member, the least often sent first. Its size is bounded by the number of members, and
 * filling a packet costs as much as fits in it.
 */
final class UpdateQueue {
    private final Map<Long, Item> newest = new HashMap<>();
    private final List<Deque<Item>> bySent = new ArrayList<>();

    private static final class Item {
        private final long subject;
        private final byte[] bytes;
        private final int limit;
        private int sent;

        private Item(long subject, byte[] bytes, int limit) {
            this.subject = subject;
            this.bytes = bytes;
            this.limit = limit;
        }
    }

    boolean isEmpty() {
        return newest.isEmpty();
    }

    void clear() {
        newest.clear();
        bySent.clear();
    }

    int size() {
        return newest.size();
    }

    /** Replaces whatever is queued about the same member; passed on {@code limit} times. */
    void add(Update update, int limit) {
        Item item = new Item(update.instance(), UpdateCodec.encode(update), limit);
        newest.put(item.subject, item);
        level(0).addLast(item);
    }

    /**
     * Appends as much news as fits.
     *
     * @param counts whether this packet counts as passing it on
     */
    void fill(WireWriter out, boolean counts) {
        if (newest.isEmpty()) {
            return;
        }
        List<Item> taken = new ArrayList<>();
        for (int sent = 0; sent < bySent.size() && out.remaining() >= UpdateCodec.SMALLEST; sent++) {
            Deque<Item> level = bySent.get(sent);
            for (int left = level.size(); left > 0 && out.remaining() >= UpdateCodec.SMALLEST; left--) {
                Item item = level.pollFirst();
                if (newest.get(item.subject) != item) {
                    continue;
                }
                if (item.bytes.length > out.remaining()) {
                    level.addLast(item);
                    continue;
                }
                out.bytes(item.bytes);
                taken.add(item);
            }
        }
        taken.forEach(item -> passed(item, counts));
    }

    private void passed(Item item, boolean counts) {
        item.sent += counts ? 1 : 0;
        if (item.sent >= item.limit) {
            newest.remove(item.subject, item);
        } else {
            level(item.sent).addLast(item);
        }
    }

    private Deque<Item> level(int sent) {
        while (bySent.size() <= sent) {
            bySent.add(new ArrayDeque<>());
        }
        return bySent.get(sent);
    }
}
