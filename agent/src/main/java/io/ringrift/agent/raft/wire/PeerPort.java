package io.ringrift.agent.raft.wire;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;

/**
 * Where other peers ask this one, if it is the one that is meant. Every connection has a thread, and there are at most {@value #MAX_CALLERS}: then the one
 * that has been silent for longest gives way. A peer has one; another one of the same peer ends the first, which nobody may have told that it is over.
 */
final class PeerPort implements Closeable {
    /** Every other voter has two, one of them silent ({@code LeaderWatch}). */
    static final int MAX_CALLERS = 64;

    private static final int BACKLOG = 16;
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(100);

    private final System.Logger log = System.getLogger(PeerPort.class.getName());
    private final String self;
    private final Questions questions;
    private final Object oneAtATime = new Object();
    private final Sockets sockets;
    private final PeerClock clock;
    private final Set<Caller> callers = new HashSet<>();
    private final ServerSocket listening = new ServerSocket();
    private boolean closed;

    /** What is done with a question, one at a time; the answer may come later. */
    @FunctionalInterface
    interface Questions {
        CompletableFuture<? extends MessageLite> answer(Frame question) throws IOException;
    }

    private static final class Caller {
        private final Socket socket;
        private volatile String name = "";
        private volatile long heardNanos = System.nanoTime();
        private Frame beat;
        private MessageLite beatAnswer;

        private Caller(Socket socket) {
            this.socket = socket;
        }

        /** What is asked: where that is the last beat again, with the very body that it had. On the one thread that reads. */
        private Frame meant(Frame frame) throws IOException {
            if (frame.kind() == Frame.Kind.AGAIN) {
                if (beat == null) {
                    throw new IOException("the same as before, where there was nothing before");
                }
                return new Frame(Frame.Kind.BEAT, frame.call(), frame.time(), beat.body());
            }
            if (frame.kind() == Frame.Kind.BEAT) {
                beat = frame;
            }
            return frame;
        }

        private synchronized void answerBeat(Wire wire, long call, long time, MessageLite answer) throws IOException {
            if (answer.equals(beatAnswer)) {
                wire.write(Frame.without(Frame.Kind.SAME, call, time));
            } else {
                beatAnswer = answer;
                wire.write(Frame.Kind.ANSWER, call, time, answer);
            }
        }
    }

    PeerPort(String self, Questions questions, Sockets sockets, PeerClock clock) throws IOException {
        this.self = self;
        this.questions = questions;
        this.sockets = sockets;
        this.clock = clock;
    }

    /** Listens from now on. */
    void open(InetSocketAddress at) throws IOException {
        listening.setReuseAddress(true);
        listening.bind(at, BACKLOG);
        Thread.ofPlatform().daemon().name("raft-port").start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                attend(new Caller(listening.accept()));
            } catch (IOException failed) {
                pause(failed);
            }
        }
    }

    private void attend(Caller caller) throws IOException {
        admit(caller);
        try {
            Thread.ofPlatform().daemon().name("raft-from").start(() -> serve(caller));
        } catch (OutOfMemoryError noThread) {
            drop(caller);
            throw new IOException("no thread for it", noThread);
        }
    }

    /** Where there is no room for another socket, or thread, there will not be at once either. */
    private void pause(IOException failed) {
        if (listening.isClosed()) {
            return;
        }
        log.log(Level.WARNING, "[Raft] No connection was accepted: {0}", failed.toString());
        try {
            Thread.sleep(AFTER_FAILURE.toMillis());
        } catch (InterruptedException ended) {
            Sockets.close(listening);
        }
    }

    private synchronized void admit(Caller caller) {
        callers.add(caller);
        if (closed) {
            drop(caller);
        } else if (callers.size() > MAX_CALLERS) {
            long now = System.nanoTime();
            callers.stream()
                    .max(Comparator.comparingLong(silent -> now - silent.heardNanos))
                    .ifPresent(this::drop);
        }
    }

    private synchronized void introduce(Caller caller, String name) {
        callers.stream()
                .filter(other -> other != caller && other.name.equals(name))
                .toList()
                .forEach(this::drop);
        caller.name = name;
    }

    private synchronized void drop(Caller caller) {
        callers.remove(caller);
        Sockets.close(caller.socket);
    }

    private void serve(Caller caller) {
        try {
            Wire wire = sockets.accepted(caller.socket, HANDSHAKE);
            introduce(caller, greeted(wire).from());
            while (true) {
                Frame question = caller.meant(wire.read(Frame.MAX_BODY));
                caller.heardNanos = System.nanoTime();
                answer(wire, caller, question);
            }
        } catch (IOException over) {
            log.log(Level.DEBUG, "[Raft] A connection has ended: {0}", over.toString());
        } catch (RuntimeException defect) {
            log.log(Level.ERROR, "[Raft] Unexpected", defect);
        } finally {
            drop(caller);
        }
    }

    private Hello greeted(Wire wire) throws IOException {
        try {
            Hello hello = Hello.of(wire.read(Hello.MAX_BODY));
            if (!hello.to().equals(self)) {
                throw new IOException("this is " + self + ", not " + hello.to());
            }
            return hello;
        } catch (IOException refused) {
            wire.write(Frame.refusal(0, refused.getMessage()));
            throw refused;
        }
    }

    private void answer(Wire wire, Caller caller, Frame question) {
        asked(question).whenComplete((message, failure) -> {
            // Not of another group's leader: that is refused.
            if (failure == null && question.isOfLeader() && question.time() > 0) {
                clock.followed(question.time());
            }
            reply(wire, caller, question, message, failure);
        });
    }

    /**
     * One question at a time, whoever asks: Ratis looks first whether a leader is to be followed, and stores its entries a moment later. Whom this peer
     * had voted for by then, or followed, would count on a log without them.
     */
    private CompletableFuture<? extends MessageLite> asked(Frame question) {
        synchronized (oneAtATime) {
            try {
                return questions.answer(question);
            } catch (IOException | RuntimeException failure) {
                return CompletableFuture.failedFuture(failure);
            }
        }
    }

    private void reply(Wire wire, Caller caller, Frame question, MessageLite answer, Throwable failure) {
        try {
            if (failure == null && question.kind() == Frame.Kind.BEAT) {
                caller.answerBeat(wire, question.call(), clock.tell(), answer);
            } else if (failure == null) {
                wire.write(Frame.Kind.ANSWER, question.call(), clock.tell(), answer);
            } else {
                Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
                wire.write(Frame.refusal(question.call(), cause.toString()));
            }
        } catch (IOException broken) {
            wire.close();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        listening.close();
        Set.copyOf(callers).forEach(this::drop);
    }
}
