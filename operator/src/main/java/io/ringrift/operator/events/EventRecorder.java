package io.ringrift.operator.events;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.status.Transition;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Publishes transitions as Events. One that comes again is counted up on the Event that is there, not told anew. Events are
 * news, not records: what cannot be published is logged and dropped. May be called from any thread.
 */
public final class EventRecorder {
    private static final System.Logger LOG = System.getLogger(EventRecorder.class.getName());
    private static final String COMPONENT = "ringrift-operator";
    private static final int LONGEST_MESSAGE = 1_024;
    private static final int MOST_REMEMBERED = 2_000;

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Map<Key, Published> published = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Published> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /** @param client with the rights to create and patch Events */
    public EventRecorder(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Publishes one transition of that resource. */
    public void publish(RingRiftCluster cluster, Transition transition) {
        try {
            if (!countUp(cluster, transition)) {
                create(cluster, transition);
            }
        } catch (KubernetesClientException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Event not published: {0}/{1} {2}: {3} ({4})",
                    cluster.getMetadata().getNamespace(),
                    cluster.getMetadata().getName(),
                    transition.reason(),
                    transition.message(),
                    e.getMessage());
        }
    }

    private boolean countUp(RingRiftCluster cluster, Transition transition) {
        Key key = new Key(cluster.getMetadata().getUid(), transition);
        Published before;
        synchronized (published) {
            before = published.get(key);
        }
        if (before == null) {
            return false;
        }
        String patch = "{\"count\":" + (before.count() + 1) + ",\"lastTimestamp\":\"" + now() + "\"}";
        try {
            client.resources(Event.class)
                    .inNamespace(cluster.getMetadata().getNamespace())
                    .withName(before.name())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
        synchronized (published) {
            published.put(key, new Published(before.name(), before.count() + 1));
        }
        return true;
    }

    private void create(RingRiftCluster cluster, Transition transition) {
        Instant now = clock.instant();
        String message = transition.message();
        String name = cluster.getMetadata().getName() + "."
                + Long.toHexString(now.getEpochSecond() * 1_000_000_000L + now.getNano())
                + Integer.toHexString(transition.hashCode() & 0xfff);
        Event event = new EventBuilder()
                .withNewMetadata()
                .withNamespace(cluster.getMetadata().getNamespace())
                .withName(name)
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(cluster.getApiVersion())
                .withKind(cluster.getKind())
                .withNamespace(cluster.getMetadata().getNamespace())
                .withName(cluster.getMetadata().getName())
                .withUid(cluster.getMetadata().getUid())
                .endInvolvedObject()
                .withType(transition.warning() ? "Warning" : "Normal")
                .withReason(transition.reason())
                .withMessage(message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE))
                .withNewSource(COMPONENT, null)
                .withReportingComponent(COMPONENT)
                .withFirstTimestamp(now())
                .withLastTimestamp(now())
                .withCount(1)
                .build();
        client.resource(event).create();
        synchronized (published) {
            published.put(new Key(cluster.getMetadata().getUid(), transition), new Published(name, 1));
        }
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private record Key(String cluster, Transition transition) {}

    private record Published(String name, int count) {}
}
