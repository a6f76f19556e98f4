package io.ringrift.agent.raft.wire;

import static io.ringrift.agent.time.Durations.min;
import static io.ringrift.agent.time.Durations.times;

import io.ringrift.agent.membership.Address;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.Parser;

/**
 * How this peer asks another one: over one connection, which is made when there is something to ask and is given up when the other has moved, closed it, or has not
 * answered anything for long. Whatever waited for an answer then fails: it may have been heard or not. Thread-safe; asking never waits.
 */
final class PeerLink implements Closeable {
    /** A peer that can be reached and runs has said something within this time. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** One that takes connections and says nothing, because it is paused or its disk is, gets more and more: every connection would be another thread there. */
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(16);

    /** Between two that could not be made, or were refused. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Hello hello;
    private final Whereabouts where;
    private final Sockets sockets;
    private final PeerClock clock;
    private Connection open;
    private Duration patience = PATIENCE;
    private boolean closed;

    PeerLink(Hello hello, Whereabouts where, Sockets sockets, PeerClock clock) {
        this.hello = hello;
        this.where = where;
        this.sockets = sockets;
        this.clock = clock;
    }

    /**
     * Asks; the answer comes on a thread of the connection. A {@link Frame.Kind#BEAT} that is the same object as the one before goes without its body, so
     * it must not be changed.
     */
    <R extends MessageLite> CompletableFuture<R> ask(Frame.Kind kind, MessageLite question, Parser<R> parser) {
        try {
            return usable().ask(kind, question, parser);
        } catch (IOException notNow) {
            return CompletableFuture.failedFuture(notNow);
        }
    }

    private synchronized Connection usable() throws IOException {
        if (closed) {
            throw new IOException("this peer was closed");
        }
        Address at = where.of(hello.to()).orElse(null);
        if (open != null && at != null && !open.at().equals(at)) {
            open.end(new IOException(hello.to() + " has moved from " + open.at() + " to " + at));
        }
        if (open != null && open.ended().isPresent()) {
            afterwards(open.ended().get());
        }
        if (open == null) {
            if (at == null) {
                throw new IOException("nobody says to be " + hello.to());
            }
            open = new Connection(hello, at, sockets, patience, clock).start();
        }
        return open;
    }

    /** What to do after one that ended: another, or for a moment nothing. */
    private void afterwards(Connection.End end) throws IOException {
        boolean vain = end.way() == Connection.Way.VAIN;
        if (vain && end.ago().compareTo(PAUSE) < 0) {
            throw end.why();
        }
        patience = end.way() == Connection.Way.SILENT ? min(times(patience, 2), MOST_PATIENCE) : PATIENCE;
        open = null;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (open != null) {
            open.end(new IOException("this peer was closed"));
        }
    }
}
