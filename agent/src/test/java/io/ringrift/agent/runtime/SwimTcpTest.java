package io.ringrift.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.membership.swim.Endpoint;
import io.ringrift.agent.membership.swim.SwimEffect;
import io.ringrift.agent.membership.swim.TcpOutcome;
import io.ringrift.agent.process.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a kernel says of a process that is gone, and of one that only seems to be. Over loopback. */
class SwimTcpTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final PeerTransport transport = new PeerTransport(vertx, Optional.empty(), Optional::empty);
    private final SwimTcp tcp = new SwimTcp(transport, ((VertxInternal) vertx).createEventLoopContext());

    @AfterEach
    void end() {
        transport.close().await();
        vertx.close().await();
    }

    @Test
    void aProcessThatHasNeitherOfItsPortsIsGone() throws Exception {
        assertThat(probe(free(), free())).isEqualTo(TcpOutcome.REFUSED);
    }

    /** As behind a packet filter that rejects connections: the process may be paused. */
    @Test
    void aProcessThatTakesDatagramsMayLive() throws Exception {
        try (DatagramSocket gossip = new DatagramSocket(0, LOOPBACK)) {
            assertThat(probe(free(), gossip.getLocalPort())).isEqualTo(TcpOutcome.SILENT);
        }
    }

    /** As a kernel does for a paused process. */
    @Test
    void aConnectionThatIsTakenAndNeverAnsweredSaysNothing() throws Exception {
        try (ServerSocket http = new ServerSocket(0, 1, LOOPBACK)) {
            assertThat(probe(http.getLocalPort(), free())).isEqualTo(TcpOutcome.SILENT);
        }
    }

    private static int free() {
        return FreePorts.take(1).getFirst();
    }

    private TcpOutcome probe(int http, int gossip) throws Exception {
        var probe = new SwimEffect.TcpProbe(
                1, "n-1", 7, Endpoint.of(LOOPBACK, http), Endpoint.of(LOOPBACK, gossip), Duration.ofMillis(500));
        return tcp.probe(probe).toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
