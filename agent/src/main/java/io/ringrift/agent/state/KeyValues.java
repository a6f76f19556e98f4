package io.ringrift.agent.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Keys with versions. */
final class KeyValues {
    private static final int PAGE_BYTES = 1 << 20;

    private final Budget budget;
    private final NavigableMap<String, KeyValue> values = new TreeMap<>();
    /** The highest version of any key that was deleted: whoever compares versions must not meet one twice. */
    private long floor;

    KeyValues(Budget budget) {
        this.budget = budget;
    }

    Answer put(String key, byte[] value, OptionalLong ifVersion) {
        // Looked up once: with many keys that is most of what a write costs a follower.
        KeyValue after = values.compute(key, (same, before) -> replaced(key, before, value, ifVersion));
        return new Answer.Version(key, after.version());
    }

    /** @param before null: there is none. @throws Refused and nothing has changed */
    private KeyValue replaced(String key, KeyValue before, byte[] value, OptionalLong ifVersion) {
        long present = before == null ? 0 : before.version();
        if (ifVersion.isPresent() && ifVersion.getAsLong() != present) {
            throw new Refused(
                    Answer.Code.VERSION_CONFLICT,
                    present == 0
                            ? "The key " + key + " does not exist, and version " + ifVersion.getAsLong()
                                    + " was asked for."
                            : "The key " + key + " has version " + present + ", not " + ifVersion.getAsLong() + ".",
                    Map.of("key", key, "version", Long.toString(present)));
        }
        KeyValue after = new KeyValue(key, value, before == null ? floor + 1 : present + 1);
        long size = before == null ? 0 : before.size();
        budget.require(after.size() - size);
        budget.adjust(size, after.size());
        return after;
    }

    Answer delete(String key) {
        KeyValue gone = present(key);
        values.remove(key);
        budget.adjust(gone.size(), 0);
        floor = Math.max(floor, gone.version());
        return new Answer.Value(gone);
    }

    Answer get(String key) {
        return new Answer.Value(present(key));
    }

    /** A page ends before its limit where its values grow large. */
    Answer list(String prefix, Optional<String> after, int limit) {
        NavigableMap<String, KeyValue> from = after.filter(key -> key.compareTo(prefix) >= 0)
                .map(key -> values.tailMap(key, false))
                .orElseGet(() -> values.tailMap(prefix, true));
        List<KeyValue> page = new ArrayList<>();
        int bytes = 0;
        for (KeyValue value : from.values()) {
            if (!value.key().startsWith(prefix)) {
                break;
            }
            bytes += value.value().length;
            if (page.size() == limit || (bytes > PAGE_BYTES && !page.isEmpty())) {
                return new Answer.Values(page, true);
            }
            page.add(value);
        }
        return new Answer.Values(page, false);
    }

    /** After a restore: no version comes a second time. */
    void continueFrom(KeyValues before) {
        floor = Math.max(floor, before.floor);
        before.values.values().forEach(old -> floor = Math.max(floor, old.version()));
    }

    void write(Encoder out) throws IOException {
        out.number(floor).many(values.values(), (to, value) -> value.write(to));
    }

    /** Into an empty one. */
    void read(Decoder in) throws IOException {
        floor = in.number();
        for (KeyValue value : in.many(KeyValue::read)) {
            values.put(value.key(), value);
            budget.adjust(0, value.size());
        }
    }

    int size() {
        return values.size();
    }

    private KeyValue present(String key) {
        KeyValue value = values.get(key);
        if (value == null) {
            throw new Refused(Answer.Code.NOT_FOUND, "There is no key " + key + ".");
        }
        return value;
    }
}
