package io.ringrift.agent.rest;

import io.ringrift.agent.rest.ConnectionTable.Phase;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Closes what {@link ConnectionTable} says is to be closed. On the server's event loop only. */
final class ConnectionGuard {
    private final ConnectionTable<HttpConnection> table = new ConnectionTable<>();
    private final Supplier<Duration> clock;
    private final IntSupplier limit;
    private volatile int open;
    private volatile long cut;

    ConnectionGuard(Supplier<Duration> clock, IntSupplier limit) {
        this.clock = clock;
        this.limit = limit;
    }

    void opened(HttpConnection connection) {
        connection.closeHandler(closed -> {
            table.closed(connection);
            open = table.size();
        });
        // What a stranger sends may be broken in any way; the connection ends, and that is all there is to say about
        // it.
        connection.exceptionHandler(broken -> connection.close());
        table.opened(connection, limit.getAsInt(), clock.get()).ifPresent(this::cut);
        open = table.size();
    }

    void phase(HttpConnection connection, Phase phase) {
        table.phase(connection, phase, clock.get());
    }

    Optional<Phase> phase(HttpConnection connection) {
        return table.phase(connection);
    }

    void closeExpired() {
        table.expired(clock.get()).forEach(this::cut);
        open = table.size();
    }

    /** Ends the connection that has been taking its answer for the longest time. */
    void cutSlowestReader() {
        table.longestSending().ifPresent(connection -> {
            table.closed(connection);
            cut(connection);
        });
    }

    /** Ends a connection from this side. */
    void cut(HttpConnection connection) {
        cut++;
        connection.close();
    }

    int open() {
        return open;
    }

    /** How many this side ended because they took too long, were too many or did not read. */
    long cut() {
        return cut;
    }
}
