package io.ringrift.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ringrift.agent.membership.swim.Endpoint;
import io.ringrift.agent.process.FreePorts;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The socket itself, over loopback. */
class SwimSocketTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger unsent = new AtomicInteger();

    @AfterEach
    void end() {
        vertx.close().await();
    }

    @Test
    void sendsAndReceivesOnTheLoopOfItsContext() throws Exception {
        try (DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
            int port = FreePorts.take(1).getFirst();
            SwimSocket socket = bind(port);
            send(peer, port, "hello");
            await().atMost(SOON).until(() -> received.equals(List.of("hello")));

            context.runOnContext(here -> socket.send(Endpoint.of(LOOPBACK, peer.getLocalPort()), bytes("answer")));
            DatagramPacket answer = new DatagramPacket(new byte[64], 64);
            peer.setSoTimeout((int) SOON.toMillis());
            peer.receive(answer);
            assertThat(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8))
                    .isEqualTo("answer");
            assertThat(answer.getPort()).isEqualTo(port);
        }
    }

    /** What Vert.x's own socket does not do, and what the whole pause guard of the shell rests on. */
    @Test
    void afterAPauseOneTurnOfTheLoopReadsManyDatagramsBeforeATimerFires() throws Exception {
        try (DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
            int port = FreePorts.take(1).getFirst();
            SwimSocket socket = bind(port);
            CountDownLatch asleep = new CountDownLatch(1);
            CountDownLatch wake = new CountDownLatch(1);
            List<Long> readWhenTheTimerFired = new CopyOnWriteArrayList<>();
            context.runOnContext(here -> {
                vertx.setTimer(1, fired -> readWhenTheTimerFired.add(socket.received()));
                asleep.countDown();
                uninterruptibly(wake);
            });
            asleep.await();
            for (int i = 0; i < SwimSocket.BATCH; i++) {
                send(peer, port, "packet " + i);
            }
            wake.countDown();

            await().atMost(SOON).until(() -> received.size() == SwimSocket.BATCH);
            await().atMost(SOON).until(() -> !readWhenTheTimerFired.isEmpty());
            assertThat(readWhenTheTimerFired).containsExactly((long) SwimSocket.BATCH);
        }
    }

    /** SWIM switched off and on again: what waits for the end of the close runs in the turn of the loop that closed. */
    @Test
    void thePortIsFreeOnceItIsClosed() throws Exception {
        int port = FreePorts.take(1).getFirst();
        for (int i = 0; i < 50; i++) {
            Promise<SwimSocket> again = Promise.promise();
            context.runOnContext(here -> open(port)
                    .compose(first -> first.close().compose(closed -> open(port)))
                    .onComplete(again));
            again.future().compose(SwimSocket::close).await();
        }
    }

    @Test
    void aTakenPortIsSaidInTheSystemsWords() throws Exception {
        try (DatagramSocket thief = new DatagramSocket(0, LOOPBACK)) {
            assertThatThrownBy(() -> bind(thief.getLocalPort()))
                    .isInstanceOf(BindException.class)
                    .hasMessage("Address already in use");
        }
    }

    @Test
    void aPeerWhosePortIsClosedDisturbsNothing() throws Exception {
        int port = FreePorts.take(1).getFirst();
        SwimSocket socket = bind(port);
        Endpoint nobody = Endpoint.of(LOOPBACK, FreePorts.take(1).getFirst());
        for (int i = 0; i < 10; i++) {
            context.runOnContext(here -> socket.send(nobody, bytes("anybody?")));
        }
        try (DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
            send(peer, port, "still here");
            await().atMost(SOON).until(() -> received.contains("still here"));
        }
    }

    private SwimSocket bind(int port) {
        return open(port).await();
    }

    private Future<SwimSocket> open(int port) {
        return SwimSocket.bind(context, LOOPBACK, port, new SwimSocket.Listener() {
            @Override
            public void received(Endpoint from, byte[] datagram) {
                assertThat(context.inThread()).isTrue();
                received.add(new String(datagram, StandardCharsets.UTF_8));
            }

            @Override
            public void unsent() {
                unsent.incrementAndGet();
            }
        });
    }

    private static void send(DatagramSocket from, int port, String text) throws Exception {
        byte[] bytes = bytes(text);
        from.send(new DatagramPacket(bytes, bytes.length, LOOPBACK, port));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
