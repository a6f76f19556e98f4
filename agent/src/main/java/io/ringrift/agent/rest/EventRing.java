package io.ringrift.agent.rest;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The events of the recent past, for streams that come back. Ids are {@code <instance>-<n>} and n rises: the events of a stream's opening state
 * take numbers too, so that all ids of a stream rise, but only live events are kept. A bounded, pure data structure.
 */
final class EventRing {
    private static final Pattern ID = Pattern.compile("(.{1,128})-(\\d{1,18})");
    private static final int MAX_OPENINGS = 256;

    private final String instance;
    private final int capacity;
    private final TreeMap<Long, String> frames = new TreeMap<>();
    // The last numbers of opening states: whoever has seen one has seen the whole state.
    private final Set<Long> openingEnds = new LinkedHashSet<>();
    private long last;
    private long evicted;

    EventRing(String instance, int capacity) {
        this.instance = instance;
        this.capacity = capacity;
    }

    /** Keeps a live event; the oldest leaves. */
    void append(String name, String data) {
        last++;
        frames.put(last, frame(last, name, data));
        if (frames.size() > capacity) {
            evicted = frames.pollFirstEntry().getKey();
        }
    }

    /** Takes {@code count} numbers for the opening state of a stream. @return the first of them */
    long reserveOpening(int count) {
        long first = last + 1;
        last += count;
        openingEnds.add(last);
        if (openingEnds.size() > MAX_OPENINGS) {
            openingEnds.remove(openingEnds.iterator().next());
        }
        return first;
    }

    /** @return after which number to go on; empty: the id is another instance's, unknown or too old, begin with the present state */
    OptionalLong resume(String lastEventId) {
        Matcher matcher = ID.matcher(lastEventId);
        if (!matcher.matches() || !matcher.group(1).equals(instance)) {
            return OptionalLong.empty();
        }
        long number = Long.parseLong(matcher.group(2));
        boolean known = frames.containsKey(number) || openingEnds.contains(number);
        return known && number >= evicted ? OptionalLong.of(number) : OptionalLong.empty();
    }

    /** The next event after {@code number} with its own number. */
    Optional<Map.Entry<Long, String>> after(long number) {
        return Optional.ofNullable(frames.higherEntry(number));
    }

    /** Events after {@code number} have left the ring unseen. */
    boolean lost(long number) {
        return number < evicted;
    }

    long last() {
        return last;
    }

    /** One event as it is sent. */
    String frame(long number, String name, String data) {
        return "id: " + instance + "-" + number + "\nevent: " + name + "\ndata: " + data + "\n\n";
    }
}
