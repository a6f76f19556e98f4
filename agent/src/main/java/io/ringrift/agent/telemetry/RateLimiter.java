package io.ringrift.agent.telemetry;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Lets {@code perMinute} through for each key and minute, and remembers how many it held back. Keys are bounded: beyond {@value #MAX_KEYS}
 * all further ones share one. Not safe for use from several threads.
 */
final class RateLimiter {
    static final int MAX_KEYS = 64;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final String FURTHER_KEYS = "";

    private final int perMinute;
    private final Map<String, Window> windows = new HashMap<>();

    RateLimiter(int perMinute) {
        this.perMinute = perMinute;
    }

    /** @return empty: hold it back; else let it through, and so many were held back for this key since the last one that went through */
    OptionalLong admit(String key, Duration now) {
        String bounded = windows.containsKey(key) || windows.size() < MAX_KEYS ? key : FURTHER_KEYS;
        Window window = windows.computeIfAbsent(bounded, unseen -> new Window(now));
        if (now.minus(window.start).compareTo(WINDOW) >= 0) {
            window.start = now;
            window.admitted = 0;
        }
        if (window.admitted >= perMinute) {
            window.heldBack++;
            return OptionalLong.empty();
        }
        window.admitted++;
        long heldBack = window.heldBack;
        window.heldBack = 0;
        return OptionalLong.of(heldBack);
    }

    private static final class Window {
        private Duration start;
        private int admitted;
        private long heldBack;

        private Window(Duration start) {
            this.start = start;
        }
    }
}
