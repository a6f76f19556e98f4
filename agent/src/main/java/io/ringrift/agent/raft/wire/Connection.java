package io.ringrift.agent.raft.wire;

import io.ringrift.agent.membership.Address;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.Parser;

/**
 * One connection to another peer, from the attempt to make it to its end: questions out, answers in, in any order. What is asked before it is made waits for that.
 * It has a thread, which makes it and then listens. Thread-safe.
 */
final class Connection {
    private static final Duration CONNECT = Duration.ofSeconds(1);

    private final System.Logger log = System.getLogger(Connection.class.getName());
    private final Hello hello;
    private final Address at;
    private final Sockets sockets;
    private final Duration patience;
    private final PeerClock clock;
    private final Socket raw = new Socket();
    private final AtomicLong calls = new AtomicLong();
    private final Map<Long, Asked<?>> asked = new ConcurrentHashMap<>();
    private final List<Question> early = new ArrayList<>();
    private final Object beating = new Object();
    private MessageLite beat;
    private MessageLite beatAnswer;
    private volatile Wire wire;
    private volatile Way way = Way.VAIN;
    private volatile End end;

    private record Question(Frame.Kind kind, long call, MessageLite message) {}

    /** What is asked and not answered. */
    private record Asked<R extends MessageLite>(
            Frame.Kind kind, Parser<R> parser, CompletableFuture<R> answer, long sinceNanos) {
        /**
         * @param before what the last beat was answered with; null: none was
         * @return what the last beat was answered with from now on
         */
        MessageLite settle(Frame frame, MessageLite before) {
            try {
                R heard = read(frame, before);
                answer.complete(heard);
                return kind == Frame.Kind.BEAT ? heard : before;
            } catch (IOException refused) {
                answer.completeExceptionally(refused);
                return before;
            }
        }

        @SuppressWarnings("unchecked") // whoever beats has one parser for what comes back
        private R read(Frame frame, MessageLite before) throws IOException {
            return switch (frame.kind()) {
                case ANSWER -> parser.parseFrom(frame.body());
                case SAME -> {
                    if (kind != Frame.Kind.BEAT || before == null) {
                        throw new IOException("the same answer as before, where there was none before");
                    }
                    yield (R) before;
                }
                default -> throw new IOException(frame.words());
            };
        }
    }

    /** What had become of it before it ended. */
    enum Way {
        /** It was not made, or refused. */
        VAIN,
        /** It was made, and nothing was ever heard. */
        SILENT,
        SERVED
    }

    /** Why, and when, it ended. */
    record End(IOException why, Way way, long nanos) {
        Duration ago() {
            return Duration.ofNanos(System.nanoTime() - nanos);
        }
    }

    /** @param patience how long a question may wait while nothing at all is heard */
    Connection(Hello hello, Address at, Sockets sockets, Duration patience, PeerClock clock) {
        this.hello = hello;
        this.at = at;
        this.sockets = sockets;
        this.patience = patience;
        this.clock = clock;
    }

    Connection start() {
        try {
            Thread.ofPlatform().daemon().name("raft-to-" + hello.to()).start(this::run);
        } catch (OutOfMemoryError noThread) {
            end(new IOException("no thread for a connection to " + hello.to(), noThread));
        }
        return this;
    }

    Address at() {
        return at;
    }

    Optional<End> ended() {
        return Optional.ofNullable(end);
    }

    <R extends MessageLite> CompletableFuture<R> ask(Frame.Kind kind, MessageLite message, Parser<R> parser) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        long call = calls.incrementAndGet();
        asked.put(call, new Asked<>(kind, parser, answer, System.nanoTime()));
        try {
            send(new Question(kind, call, message));
        } catch (IOException broken) {
            end(broken);
        }
        if (end != null && asked.remove(call) != null) {
            answer.completeExceptionally(end.why);
        }
        return answer;
    }

    private void send(Question question) throws IOException {
        Wire made = wire;
        if (made == null) {
            synchronized (early) {
                made = wire;
                if (made == null) {
                    early.add(question);
                    return;
                }
            }
        }
        write(made, question);
    }

    private void write(Wire made, Question question) throws IOException {
        if (question.kind != Frame.Kind.BEAT) {
            made.write(question.kind, question.call, clock.tell(), question.message);
            return;
        }
        synchronized (beating) {
            if (question.message == beat) {
                made.write(Frame.without(Frame.Kind.AGAIN, question.call, clock.tell()));
            } else {
                made.write(Frame.Kind.BEAT, question.call, clock.tell(), question.message);
                beat = question.message;
            }
        }
    }

    private void run() {
        try {
            Wire made = sockets.connect(raw, new InetSocketAddress(at.host(), at.port()), CONNECT);
            made.write(hello.frame());
            made.patience(patience);
            synchronized (early) {
                for (Question question : early) {
                    write(made, question);
                }
                early.clear();
                wire = made;
                way = Way.SILENT;
            }
            while (end == null) {
                made.readSoon().ifPresentOrElse(this::hear, this::look);
            }
        } catch (IOException broken) {
            end(broken);
        } catch (RuntimeException defect) {
            log.log(Level.ERROR, "[Raft] Unexpected", defect);
            end(new IOException(defect));
        }
    }

    private void hear(Frame frame) {
        Asked<?> waiting = asked.remove(frame.call());
        if (waiting != null) {
            way = Way.SERVED;
            if (waiting.kind == Frame.Kind.VOTE && frame.time() > 0) {
                clock.heard(frame.time());
            }
            beatAnswer = waiting.settle(frame, beatAnswer);
        } else if (frame.kind() == Frame.Kind.REFUSAL) {
            way = Way.VAIN;
            end(new IOException(hello.to() + " at " + at + " refuses: " + frame.words()));
        }
    }

    /** Nothing has come for as long as patience lasts: that is its end where something was asked at least as long ago. */
    private void look() {
        long now = System.nanoTime();
        asked.values().stream()
                .mapToLong(Asked::sinceNanos)
                .filter(since -> now - since >= patience.toNanos())
                .findAny()
                .ifPresent(since -> end(new IOException(hello.to() + " has not answered for " + patience)));
    }

    /** Ends it, if it has not ended yet; what was asked and not answered fails. */
    void end(IOException why) {
        synchronized (this) {
            if (end == null) {
                end = new End(why, way, System.nanoTime());
            }
        }
        Sockets.close(raw);
        for (Long call : asked.keySet()) {
            Asked<?> waiting = asked.remove(call);
            if (waiting != null) {
                waiting.answer.completeExceptionally(end.why);
            }
        }
    }
}
