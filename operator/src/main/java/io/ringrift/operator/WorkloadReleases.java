package io.ringrift.operator;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.apply.SidecarInjector;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Takes the agent out of a workload of somebody else when its resource is deleted, and lets the resource go. The SDK hands a
 * resource that is being deleted to a cleaner alone, and a cleaner would put a finalizer on every resource, also on those
 * that need none. Tries again until it succeeds or the resource is gone. Any thread.
 */
final class WorkloadReleases extends AbstractEventSource<RingRiftCluster, RingRiftCluster>
        implements ResourceEventAware<RingRiftCluster> {
    private static final long LONGEST_WAIT_SECONDS = 60;

    private final System.Logger log = System.getLogger(WorkloadReleases.class.getName());
    private final SidecarInjector injector;
    private final Map<ResourceID, RingRiftCluster> leaving = new ConcurrentHashMap<>();
    private ScheduledExecutorService thread;

    WorkloadReleases(SidecarInjector injector) {
        super(RingRiftCluster.class, "workload-releases");
        this.injector = injector;
    }

    @Override
    public void start() {
        thread = new ScheduledThreadPoolExecutor(
                1, run -> Thread.ofPlatform().daemon().name("workload-releases").unstarted(run));
        super.start();
        leaving.keySet().forEach(id -> later(id, 0));
    }

    @Override
    public void stop() {
        super.stop();
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    @Override
    public void onResourceCreated(RingRiftCluster resource) {
        look(resource);
    }

    @Override
    public void onResourceUpdated(RingRiftCluster now, RingRiftCluster before) {
        look(now);
    }

    @Override
    public void onResourceDeleted(RingRiftCluster resource) {
        leaving.remove(ResourceID.fromResource(resource));
    }

    @Override
    public Set<RingRiftCluster> getSecondaryResources(RingRiftCluster primary) {
        return Set.of();
    }

    private void look(RingRiftCluster resource) {
        if (resource.isMarkedForDeletion() && SidecarInjector.isKept(resource)) {
            ResourceID id = ResourceID.fromResource(resource);
            if (leaving.put(id, resource) == null && isRunning()) {
                later(id, 0);
            }
        }
    }

    private void later(ResourceID id, long waitSeconds) {
        try {
            thread.schedule(() -> release(id, waitSeconds), waitSeconds, TimeUnit.SECONDS);
        } catch (RejectedExecutionException ended) {
            log.log(Level.DEBUG, "{0} is let go by the operator that takes over", id);
        }
    }

    private void release(ResourceID id, long waited) {
        RingRiftCluster resource = leaving.get(id);
        if (resource == null) {
            return;
        }
        try {
            injector.release(resource);
            leaving.remove(id, resource);
        } catch (RuntimeException failed) {
            log.log(
                    Level.WARNING,
                    "{0} cannot be let go yet, because the agent could not be taken out of its workload; tried again: {1}",
                    id,
                    failed.getMessage());
            later(id, Math.min(LONGEST_WAIT_SECONDS, Math.max(1, 2 * waited)));
        }
    }
}
