package io.ringrift.operator.apply;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.api.RingRiftClusterStatus;
import java.net.HttpURLConnection;

/**
 * Records statuses, each only over the very resource that it was made from: of two operators, or of an operator and a user's
 * edit that it has not seen, the second is turned away.
 */
public final class StatusWriter {
    private final KubernetesClient client;
    private final PatchContext apply;

    /** @param fieldManager owns the status */
    public StatusWriter(KubernetesClient client, String fieldManager) {
        this.client = client;
        this.apply = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(fieldManager)
                .withForce(true)
                .build();
    }

    /**
     * Records the status.
     *
     * @return the resource as it is stored now
     * @throws StaleException if the resource has changed since it was read
     */
    public RingRiftCluster write(RingRiftCluster cluster, RingRiftClusterStatus status) throws StaleException {
        var request = new RingRiftCluster();
        request.setMetadata(new ObjectMetaBuilder()
                .withNamespace(cluster.getMetadata().getNamespace())
                .withName(cluster.getMetadata().getName())
                .withUid(cluster.getMetadata().getUid())
                .withResourceVersion(cluster.getMetadata().getResourceVersion())
                .build());
        request.setStatus(status);
        try {
            return client.resource(request).subresource("status").patch(apply, request);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                throw new StaleException(e);
            }
            throw e;
        }
    }

    /** The resource is another one by now: look at it anew. */
    public static final class StaleException extends Exception {
        private static final long serialVersionUID = 1;

        StaleException(Throwable cause) {
            super("the resource has changed since it was read", cause);
        }
    }
}
