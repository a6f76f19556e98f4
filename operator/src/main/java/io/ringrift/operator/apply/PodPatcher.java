package io.ringrift.operator.apply;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.ringrift.operator.desired.Labels;
import io.ringrift.operator.observe.PodObservation;
import io.vertx.core.json.JsonObject;
import java.net.HttpURLConnection;

/** Does what {@link PodPatch} says. */
public final class PodPatcher {
    private final KubernetesClient client;

    /** @param client with the right to patch pods */
    public PodPatcher(KubernetesClient client) {
        this.client = client;
    }

    /** A pod that is gone, or another by now, is left alone. */
    public void patch(String namespace, PodPatch patch) {
        JsonObject metadata = new JsonObject().put("uid", patch.pod().uid());
        switch (patch) {
            case PodPatch.TakeLeaderLabel take -> metadata.put("labels", new JsonObject().putNull(Labels.ROLE));
            case PodPatch.GiveLeaderLabel give ->
                metadata.put("labels", new JsonObject().put(Labels.ROLE, Labels.ROLE_LEADER));
            case PodPatch.Touch touch ->
                metadata.put(
                        "annotations",
                        new JsonObject().put(PodObservation.TOUCH_ANNOTATION, Long.toString(touch.generation())));
        }
        try {
            client.resources(Pod.class)
                    .inNamespace(namespace)
                    .withName(patch.pod().name())
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            new JsonObject().put("metadata", metadata).encode());
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }
}
