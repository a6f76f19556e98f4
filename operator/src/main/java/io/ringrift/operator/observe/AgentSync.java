package io.ringrift.operator.observe;

import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.ringrift.operator.api.RingRiftCluster;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The agents as a source of events: asks every agent of every cluster for its status, off the reconciler's threads, and
 * wakes the reconciler when something that matters has changed. May be called from any thread.
 */
public final class AgentSync extends AbstractEventSource<AgentReport, RingRiftCluster>
        implements ResourceEventAware<RingRiftCluster> {
    /** So many requests go at a time, however many agents there are. */
    private static final int MOST_REQUESTS = 128;

    /** Agents change together; one look at all of them is cheaper than one for each. */
    private static final long GATHER_MILLIS = 50;

    private final Vertx vertx;
    private final Context loop;
    private final long periodMillis;
    private final Map<ResourceID, ClusterSync> clusters = new HashMap<>();
    private final Set<ResourceID> waking = new HashSet<>();
    private final Map<ResourceID, Map<String, AgentReply>> latest = new ConcurrentHashMap<>();
    private final RequestGate gate = new RequestGate(MOST_REQUESTS);
    private long timer = -1;

    /** @param period between two looks at the same agent */
    public AgentSync(Vertx vertx, Duration period) {
        super(AgentReport.class, "agents");
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.periodMillis = period.toMillis();
    }

    @Override
    public void start() {
        super.start();
        loop.runOnContext(now -> timer =
                vertx.setPeriodic(periodMillis, tick -> clusters.values().forEach(ClusterSync::round)));
    }

    @Override
    public void stop() {
        loop.runOnContext(now -> {
            vertx.cancelTimer(timer);
            clusters.values().forEach(ClusterSync::close);
            clusters.clear();
        });
        super.stop();
    }

    /**
     * Says who the agents of a cluster are and what they are to run.
     *
     * @param authority PEM of the CA that their certificates chain to; empty: they speak plain HTTP
     * @param wanted by member: is pushed to it if it runs another
     */
    public void follow(
            ResourceID cluster,
            List<AgentEndpoint> endpoints,
            Optional<String> authority,
            Map<String, AgentDocument> wanted) {
        loop.runOnContext(now -> {
            ClusterSync sync = clusters.computeIfAbsent(cluster, this::newSync);
            sync.follow(endpoints, authority, wanted);
            if (!latest.containsKey(cluster)) {
                publish(cluster, this::wakeSoon);
            }
        });
    }

    /** What the agents said last; empty until each of them has been asked once, so that nobody is taken for silent before. */
    public Optional<Map<String, AgentReply>> replies(ResourceID cluster) {
        return Optional.ofNullable(latest.get(cluster));
    }

    /** Asks one agent where its Raft peer is. Fails with a phrase as the exception's message. */
    public CompletionStage<RaftStanding> raft(ResourceID cluster, String member) {
        return onLoop(cluster, sync -> sync.raft(member));
    }

    /** Has an agent hand Raft's leadership over. Fails with a phrase as the exception's message. */
    public CompletionStage<Void> handOver(ResourceID cluster, String leader, String successor) {
        return onLoop(cluster, sync -> sync.handOver(leader, successor));
    }

    /** Has an agent whose pod is on its way out hand leadership over. Fails with a phrase as the exception's message. */
    public CompletionStage<Void> drain(ResourceID cluster, AgentEndpoint leaving) {
        return onLoop(cluster, sync -> sync.drain(leaving));
    }

    private <T> CompletionStage<T> onLoop(ResourceID cluster, Function<ClusterSync, Future<T>> request) {
        Promise<T> answer = Promise.promise();
        loop.runOnContext(now -> {
            ClusterSync sync = clusters.get(cluster);
            if (sync == null) {
                answer.fail("is not known");
            } else {
                request.apply(sync).onComplete(answer);
            }
        });
        return answer.future().toCompletionStage();
    }

    @Override
    public void onResourceDeleted(RingRiftCluster resource) {
        ResourceID cluster = ResourceID.fromResource(resource);
        loop.runOnContext(now -> {
            ClusterSync sync = clusters.remove(cluster);
            if (sync != null) {
                sync.close();
            }
            latest.remove(cluster);
        });
    }

    @Override
    public Set<AgentReport> getSecondaryResources(RingRiftCluster primary) {
        return Set.of();
    }

    private ClusterSync newSync(ResourceID cluster) {
        return new ClusterSync(
                cluster.getNamespace().orElse("") + "/" + cluster.getName(),
                vertx,
                gate,
                () -> publish(cluster, this::wakeSoon),
                // Somebody may be waiting for the next leader.
                () -> publish(cluster, this::wake));
    }

    private void publish(ResourceID cluster, Consumer<ResourceID> waking) {
        ClusterSync sync = clusters.get(cluster);
        if (sync != null && sync.complete()) {
            latest.put(cluster, sync.replies());
            waking.accept(cluster);
        }
    }

    private void wakeSoon(ResourceID cluster) {
        if (waking.add(cluster)) {
            vertx.setTimer(GATHER_MILLIS, due -> {
                waking.remove(cluster);
                wake(cluster);
            });
        }
    }

    private void wake(ResourceID cluster) {
        if (isRunning()) {
            getEventHandler().handleEvent(new Event(cluster));
        }
    }
}
