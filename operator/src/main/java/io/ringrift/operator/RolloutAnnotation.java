package io.ringrift.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.rollout.RolloutRequest.Directive;
import io.vertx.core.json.JsonObject;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;

/** The annotation by which a user holds, hurries or gives up a roll-out. */
final class RolloutAnnotation {
    static final String NAME = "ringrift.io/rollout";

    private static final Map<String, Directive> WORDS =
            Map.of("pause", Directive.PAUSE, "promote", Directive.PROMOTE, "abort", Directive.ABORT);

    private RolloutAnnotation() {}

    /** What it asks; a word that is none of its own asks nothing. */
    static Directive of(RingRiftCluster cluster) {
        return word(cluster).map(WORDS::get).orElse(Directive.NONE);
    }

    /** A sentence about a word that means nothing; empty where there is none. */
    static Optional<String> problem(RingRiftCluster cluster) {
        return word(cluster)
                .filter(word -> !WORDS.containsKey(word))
                .map(word -> "Annotation " + NAME + ": \"" + word
                        + "\" means nothing; allowed are pause, promote and abort.");
    }

    /** Removes it once it was acted on, unless the user has written another one meanwhile. */
    static void remove(KubernetesClient client, RingRiftCluster cluster) {
        JsonObject metadata = new JsonObject()
                .put("resourceVersion", cluster.getMetadata().getResourceVersion())
                .put("annotations", new JsonObject().putNull(NAME));
        try {
            client.resource(cluster)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            new JsonObject().put("metadata", metadata).encode());
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }

    /** The word as the user wrote it. */
    static Optional<String> word(RingRiftCluster cluster) {
        return Optional.ofNullable(cluster.getMetadata().getAnnotations()).map(annotations -> annotations.get(NAME));
    }
}
