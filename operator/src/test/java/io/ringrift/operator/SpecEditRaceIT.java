package io.ringrift.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.kube.KubeApi;
import io.ringrift.operator.kube.SharedKubeApi;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Spec edits raced against status writes: agents change their leader all the time, so the operator writes status all the time,
 * and each edit lands at a random moment of that. Every one must be seen long before the safety net of the reconciliation
 * interval would bring it.
 */
@ExtendWith(SharedKubeApi.class)
class SpecEditRaceIT {
    private static final int EDITS = Integer.getInteger("ringrift.race.edits", 1_000);
    private static final long SEED = Long.getLong("ringrift.seed", System.nanoTime());
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(15);

    @Test
    void missesNoEdit(KubeApi api) throws InterruptedException {
        String namespace = api.newNamespace();
        Random random = new Random(SEED);
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong epoch = new AtomicLong(10);
        try (var _ = RunningOperator.in(api, namespace);
                var cluster = new TestCluster(api.client(), namespace, "race")
                        .create("{stage: 0, replicas: 1}")
                        .run(1)) {
            cluster.awaitCondition("Ready", "True");
            Thread restless = Thread.ofVirtual().start(() -> {
                while (!over.get()) {
                    cluster.nodes.agent(0).follow("race-0", epoch.incrementAndGet());
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                }
            });
            long statusWritesBefore = statusWrites(api, namespace);
            for (int edit = 1; edit <= EDITS; edit++) {
                LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(20)));
                RingRiftCluster edited =
                        cluster.edit("{membership: {swim: {maxTransmissions: " + (edit % 100 + 1) + "}}}");
                if (random.nextInt(5) == 0) {
                    awaitSeen(cluster, edited, edit);
                }
            }
            RingRiftCluster last = cluster.edit("{membership: {swim: {maxTransmissions: 77}}}");
            awaitSeen(cluster, last, EDITS + 1);
            await("the last edit's configuration")
                    .atMost(SEEN_WITHIN)
                    .until(() -> "77".equals(cluster.nodes.agent(0).key("RINGRIFT_SWIM_MAX_TRANSMISSIONS")));
            over.set(true);
            restless.join();
            long statusWrites = statusWrites(api, namespace) - statusWritesBefore;
            System.out.println("race: " + EDITS + " edits against " + statusWrites + " status writes, seed " + SEED);
            assertThat(statusWrites).as("the race was one").isGreaterThan(EDITS / 10);
        }
    }

    private static void awaitSeen(TestCluster cluster, RingRiftCluster edited, int edit) {
        await("edit " + edit + ", seed " + SEED)
                .atMost(SEEN_WITHIN)
                .pollInterval(Duration.ofMillis(40))
                .until(() -> cluster.status().observedGeneration()
                        >= edited.getMetadata().getGeneration());
    }

    private static long statusWrites(KubeApi api, String namespace) {
        return api.writes().stream()
                .filter(write ->
                        write.namespace().equals(namespace) && write.resource().equals("ringriftclusters/status"))
                .count();
    }
}
