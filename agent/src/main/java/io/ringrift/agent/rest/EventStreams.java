package io.ringrift.agent.rest;

import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.rest.EventDocuments.Named;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The open streams of {@code GET /events}. Nothing is buffered for a reader but what {@link EventRing} keeps for all: a reader that falls behind
 * the ring, or does not read for {@link EventStream#PATIENCE}, is cut off and comes back with its last id. On the server's event loop only.
 */
final class EventStreams {
    static final int MAX_STREAMS = 32;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final EventRing ring;
    private final Supplier<AgentView> view;
    private final EventDocuments documents;
    private final ConnectionGuard guard;
    private final Supplier<Duration> clock;
    private final Set<EventStream> streams = new LinkedHashSet<>();
    private Duration nextHeartbeat;
    private volatile int open;
    private volatile long cutOff;

    EventStreams(
            EventRing ring,
            Supplier<AgentView> view,
            EventDocuments documents,
            ConnectionGuard guard,
            Supplier<Duration> clock) {
        this.ring = ring;
        this.view = view;
        this.documents = documents;
        this.guard = guard;
        this.clock = clock;
        this.nextHeartbeat = clock.get().plus(HEARTBEAT);
    }

    /** The handler of the route. */
    Reply open(Request request) {
        if (streams.size() >= MAX_STREAMS) {
            throw new ApiException(
                    ErrorCode.OVERLOADED,
                    "This agent serves at most " + MAX_STREAMS + " event streams; try another agent.");
        }
        String lastId = request.headers().get("Last-Event-ID");
        return new Reply.Stream("text/event-stream; charset=utf-8", http -> start(http, lastId));
    }

    /** Something happened: to the ring, and to everyone who can take it now. */
    void publish(AgentEvent event) {
        Named named = documents.of(event);
        ring.append(named.name(), named.data().encode());
        List.copyOf(streams).forEach(this::pump);
    }

    /** To be called about once a second. */
    void tick() {
        Duration now = clock.get();
        boolean heartbeat = now.compareTo(nextHeartbeat) >= 0;
        if (heartbeat) {
            nextHeartbeat = now.plus(HEARTBEAT);
        }
        for (EventStream stream : List.copyOf(streams)) {
            if (stream.stalled(now)) {
                cut(stream);
            } else if (heartbeat) {
                stream.heartbeat();
            }
        }
    }

    /** Ends all streams in good order: the server goes away. */
    void end() {
        List.copyOf(streams).forEach(EventStream::end);
    }

    int open() {
        return open;
    }

    /** How many readers were too slow. */
    long cutOff() {
        return cutOff;
    }

    private void start(HttpServerRequest request, String lastId) {
        OptionalLong resumed = lastId == null ? OptionalLong.empty() : ring.resume(lastId);
        EventStream stream = resumed.isPresent()
                ? new EventStream(request, List.<String>of().iterator(), resumed.getAsLong())
                : opening(request);
        streams.add(stream);
        open = streams.size();
        request.response().closeHandler(closed -> forget(stream));
        request.response().exceptionHandler(broken -> forget(stream));
        stream.begin(() -> pump(stream));
        pump(stream);
    }

    private EventStream opening(HttpServerRequest request) {
        List<Supplier<Named>> state = new ArrayList<>(documents.state(view.get()));
        long first = ring.reserveOpening(state.size());
        Iterator<String> frames = new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < state.size();
            }

            @Override
            public String next() {
                Named named = state.get(next).get();
                return ring.frame(first + next++, named.name(), named.data().encode());
            }
        };
        return new EventStream(request, frames, ring.last());
    }

    private void pump(EventStream stream) {
        if (!stream.pump(ring, clock.get())) {
            cut(stream);
        }
    }

    private void cut(EventStream stream) {
        cutOff++;
        forget(stream);
        guard.cut(stream.connection());
    }

    private void forget(EventStream stream) {
        streams.remove(stream);
        open = streams.size();
    }
}
