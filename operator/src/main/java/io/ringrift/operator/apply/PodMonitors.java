package io.ringrift.operator.apply;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Whether the operator can have a cluster scraped by the Prometheus operator: its CRD is there and we may use it. */
public final class PodMonitors {
    private static final String GROUP = "monitoring.coreos.com";

    /** Somebody may install it at any time. */
    private static final Duration ASK_AGAIN = Duration.ofMinutes(10);

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    public PodMonitors(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Asks the API server now and then. */
    public boolean supported(String namespace) {
        return answers.compute(
                        namespace,
                        (key, known) -> known != null && clock.instant().isBefore(known.until())
                                ? known
                                : new Answer(ask(namespace), clock.instant().plus(ASK_AGAIN)))
                .supported();
    }

    /**
     * First whether the group is there at all: what the API server says about a group that it does not know is no JSON, and the client would load
     * its YAML parser to read it, a megabyte for good.
     */
    private boolean ask(String namespace) {
        try {
            return client.hasApiGroup(GROUP, true)
                    && client.raw("/apis/" + GROUP + "/v1/namespaces/" + namespace + "/podmonitors?limit=1") != null;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND || e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return false;
            }
            throw e;
        }
    }

    private record Answer(boolean supported, Instant until) {}
}
