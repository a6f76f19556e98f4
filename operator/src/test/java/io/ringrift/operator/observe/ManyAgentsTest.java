package io.ringrift.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.ringrift.operator.observe.AgentReply.Reported;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What it costs to stay in touch with many agents; {@code -Dringrift.agents=1000} for the figures that are published. */
class ManyAgentsTest {
    private static final int AGENTS = Integer.getInteger("ringrift.agents", 300);
    private static final Duration RESTING = Duration.ofSeconds(Integer.getInteger("ringrift.agents.seconds", 4));
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ResourceID CLUSTER = new ResourceID("many", "n");

    private final Vertx vertx = Vertx.vertx();
    private final AgentFarm farm = new AgentFarm(AGENTS);
    private final AgentSync sync = new AgentSync(vertx, Duration.ofSeconds(2));

    private final AtomicReference<Thread> loop = new AtomicReference<>();

    @BeforeEach
    void start() {
        sync.setEventHandler(event -> loop.set(Thread.currentThread()));
        sync.start();
    }

    @AfterEach
    void stop() {
        sync.stop();
        farm.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void boundsConnectionsMemoryAndProcessorTime() {
        long heap = usedHeap();
        long began = System.nanoTime();
        follow(1);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> seen().size() == AGENTS);
        long asked = System.nanoTime();
        follow(2);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> seen().stream().allMatch(report -> report.runs(2)));
        long told = System.nanoTime();

        assertThat(farm.mostConnections())
                .as("requests under way, and connections whose end the server has not seen yet")
                .isLessThanOrEqualTo(2 * 128);
        Set<Map<String, String>> views = Collections.newSetFromMap(new IdentityHashMap<>());
        seen().forEach(report -> views.add(report.view()));
        assertThat(views).as("a view that all agree on is kept once").hasSize(1);

        long requests = farm.requests();
        long processor = loopTime();
        await().pollDelay(RESTING).atMost(RESTING.plus(PATIENCE)).until(() -> true);
        double seconds = (System.nanoTime() - told) / 1e9;
        double rate = (farm.requests() - requests) / seconds;
        double share = (loopTime() - processor) / 1e9 / seconds;
        assertThat(rate).as("agents asked a second").isLessThanOrEqualTo(100 / 2.0 * 2);
        assertThat(farm.streams()).isBetween(1, 3);

        long changed = System.nanoTime();
        farm.lead("many-1", 2);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> seen().stream().anyMatch(report -> report.epoch() == 2));
        long known = System.nanoTime();
        System.out.printf(
                "agents=%d, plain HTTP on loopback, in the same JVM: all asked once in %d ms, another configuration with all in %d ms;"
                        + " at rest %.0f requests/s, %.1f %% of a core, %d connections (at most %d), %d event streams, %.1f MB of heap;"
                        + " a new leader is known after %d ms%n",
                AGENTS,
                millis(asked - began),
                millis(told - asked),
                rate,
                share * 100,
                farm.connections(),
                farm.mostConnections(),
                farm.streams(),
                (usedHeap() - heap) / 1e6,
                millis(known - changed));
    }

    private void follow(long generation) {
        AgentDocument document = new AgentDocument("token", generation, Map.of("RINGRIFT_LOG_LEVEL", "INFO"));
        sync.follow(
                CLUSTER,
                farm.endpoints(),
                Optional.empty(),
                farm.endpoints().stream().collect(Collectors.toMap(AgentEndpoint::member, endpoint -> document)));
    }

    private List<AgentReport> seen() {
        return sync.replies(CLUSTER).orElse(Map.of()).values().stream()
                .filter(Reported.class::isInstance)
                .map(reply -> ((Reported) reply).report())
                .toList();
    }

    /** Processor time of the loop that does it all. */
    private long loopTime() {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(loop.get().threadId());
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
