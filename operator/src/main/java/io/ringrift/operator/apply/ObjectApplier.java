package io.ringrift.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.desired.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Applies what is wanted where it is not so already, as the field manager {@value #FIELD_MANAGER}. A request is made only if
 * the wanted object is another one than that applied last, which an annotation on the object tells, or if somebody has
 * changed a field of ours. May be called from any thread.
 */
public final class ObjectApplier {
    /** Owns the fields that the operator sets. */
    public static final String FIELD_MANAGER = "ringrift";

    /** Digest of what was applied last. Fields that we no longer want are found by it. */
    static final String DIGEST_ANNOTATION = RingRiftCluster.GROUP + "/applied";

    private static final int MOST_REMEMBERED = 10_000;

    private final KubernetesClient client;
    private final KubernetesSerialization json;

    /** Differences that stayed right after an apply: the API server's way of writing what we want. By the object's uid. */
    private final Map<String, Rewritten> rewritten = new ConcurrentHashMap<>();

    /** @param client with the rights to get and patch what will be applied */
    public ObjectApplier(KubernetesClient client) {
        this.client = client;
        this.json = client.getKubernetesSerialization();
    }

    /**
     * Makes {@code live} what is wanted.
     *
     * @param live as it was read last; empty: it does not exist
     * @return the object as it is now if a request was made; empty: everything was as wanted
     * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server refused it
     */
    public <T extends HasMetadata> Optional<T> apply(T wanted, Optional<T> live) {
        ObjectNode tree = json.convertValue(wanted, ObjectNode.class);
        tree.remove("status");
        String digest = Digest.of(tree.toString());
        if (!(wanted instanceof Secret)) {
            ((ObjectNode) tree.get("metadata")).withObject("/annotations").put(DIGEST_ANNOTATION, digest);
        }
        if (live.isPresent() && isAsWanted(tree, digest, live.get())) {
            return Optional.empty();
        }
        T request = json.convertValue(tree, type(wanted));
        T applied = client.resource(request)
                .fieldManager(FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
        Set<String> remaining = Drift.paths(tree, json.convertValue(applied, JsonNode.class));
        if (remaining.isEmpty()) {
            rewritten.remove(applied.getMetadata().getUid());
        } else {
            if (rewritten.size() >= MOST_REMEMBERED) {
                // What is still in use comes back with one superfluous request each.
                rewritten.clear();
            }
            rewritten.put(applied.getMetadata().getUid(), new Rewritten(digest, remaining));
        }
        return Optional.of(applied);
    }

    private boolean isAsWanted(ObjectNode wanted, String digest, HasMetadata live) {
        JsonNode liveTree = json.convertValue(live, JsonNode.class);
        Set<String> differences = Drift.paths(wanted, liveTree);
        if (differences.isEmpty()) {
            return true;
        }
        Rewritten known = rewritten.get(live.getMetadata().getUid());
        return known != null && known.digest().equals(digest) && known.paths().containsAll(differences);
    }

    @SuppressWarnings("unchecked")
    private static <T> Class<T> type(T object) {
        return (Class<T>) object.getClass();
    }

    private record Rewritten(String digest, Set<String> paths) {}
}
