package io.ringrift.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients, two at each of some agents, that each count a key of their own up, every write on the condition that the key still has the
 * version of the write before: a write that was lost, or applied twice, is a conflict.
 */
final class CountingClients implements AutoCloseable {
    /** Nobody may be there for a while. */
    private static final long AFTER_A_CUT = 20_000_000;

    private final List<Counter> counters;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger written = new AtomicInteger();
    private volatile boolean ended;

    private final class Counter {
        private final StateClient client;
        private final String path;
        private final Thread thread = Thread.ofVirtual().unstarted(this::run);
        private long value;
        private long version;

        private Counter(StateClient client, String key) {
            this.client = client;
            this.path = "/kv/" + key;
        }

        private void run() {
            while (!ended) {
                step();
            }
        }

        private void step() {
            String key = path + "-" + (value + 1);
            String body = "{\"value\": " + (value + 1) + ", \"if_version\": " + version + "}";
            try {
                StateClient.Answer answer = client.trySend("PUT", path, body, "Idempotency-Key", key);
                if (answer.status() == 200) {
                    value++;
                    version = answer.json().getLong("version");
                    written.incrementAndGet();
                } else {
                    failures.add(client.nodeId() + " " + answer.status() + " " + answer.text());
                }
            } catch (IOException cut) {
                failures.add(client.nodeId() + " " + cut);
                LockSupport.parkNanos(AFTER_A_CUT);
            }
        }
    }

    CountingClients(List<AgentProcess> agents) {
        String run = Long.toString(System.nanoTime(), Character.MAX_RADIX);
        counters = agents.stream()
                .flatMap(agent -> List.of("x", "y").stream()
                        .map(which -> new Counter(new StateClient(agent), run + "-" + agent.nodeId() + which)))
                .toList();
        counters.forEach(counter -> counter.thread.start());
    }

    int written() {
        return written.get();
    }

    void awaitWrites(int count) {
        await().atMost(AgentCluster.PATIENCE).until(() -> written.get() >= count);
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Every acknowledged write is there, once; what was not answered may be asked again under the same key. */
    void assertNothingLost() {
        close();
        assertThat(failures).noneMatch(failure -> failure.contains("VERSION_CONFLICT"));
        for (Counter counter : counters) {
            JsonObject last = counter.client.get(counter.path).expect(200);
            assertThat(last.getLong("value")).isBetween(counter.value, counter.value + 1);
            assertThat(last.getLong("version") - counter.version).isEqualTo(last.getLong("value") - counter.value);
        }
    }

    @Override
    public void close() {
        ended = true;
        for (Counter counter : counters) {
            try {
                counter.thread.join(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
