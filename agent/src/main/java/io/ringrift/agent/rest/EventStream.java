package io.ringrift.agent.rest;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Iterator;

/** One reader of {@code /events}: what it has been sent, and whether it reads. */
final class EventStream {
    /** How long a reader may leave its connection full. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int MAX_WRITE_QUEUE = 32 * 1024;
    private static final String RECONNECT_AFTER_A_SECOND = "retry: 1000\n\n";

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Iterator<String> opening;
    private long sent;
    private Duration fullSince;

    /**
     * @param opening frames to send first
     * @param sent the number after which the ring's events follow
     */
    EventStream(HttpServerRequest request, Iterator<String> opening, long sent) {
        this.request = request;
        this.response = request.response();
        this.opening = opening;
        this.sent = sent;
    }

    void begin(Runnable whenWritable) {
        response.setChunked(true).setWriteQueueMaxSize(MAX_WRITE_QUEUE).drainHandler(drained -> whenWritable.run());
        response.write(RECONNECT_AFTER_A_SECOND);
    }

    /** Writes as much as the connection takes. @return false: it has fallen behind the ring */
    boolean pump(EventRing ring, Duration now) {
        while (!response.writeQueueFull()) {
            fullSince = null;
            if (opening.hasNext()) {
                response.write(opening.next());
                continue;
            }
            if (ring.lost(sent)) {
                return false;
            }
            var next = ring.after(sent);
            if (next.isEmpty()) {
                return true;
            }
            sent = next.get().getKey();
            response.write(next.get().getValue());
        }
        if (fullSince == null) {
            fullSince = now;
        }
        return !ring.lost(sent);
    }

    void heartbeat() {
        if (!response.writeQueueFull()) {
            response.write(": heartbeat\n\n");
        }
    }

    boolean stalled(Duration now) {
        return fullSince != null
                && response.writeQueueFull()
                && now.minus(fullSince).compareTo(PATIENCE) >= 0;
    }

    void end() {
        response.end();
    }

    HttpConnection connection() {
        return request.connection();
    }
}
