package io.ringrift.operator.roll;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.ringrift.operator.desired.Labels;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A member's pod as a roll sees it.
 *
 * @param outdated made from another template than the workload has now
 * @param leaving on its way out
 * @param readySince empty: not ready, or leaving
 * @param answers its agent answers the operator
 */
public record RollPod(
        String name, String uid, boolean outdated, boolean leaving, Optional<Instant> readySince, boolean answers) {

    /** Annotations of a pod that tell what it was made from: ours, and that of {@code kubectl rollout restart}. */
    private static final List<String> ORIGIN = List.of(Labels.TEMPLATE, "kubectl.kubernetes.io/restartedAt");

    /** @param template annotations of the workload's template as it is stored now */
    static RollPod of(Pod pod, Map<String, String> template, boolean answers) {
        Map<String, String> annotations = orEmpty(pod.getMetadata().getAnnotations());
        boolean leaving = pod.getMetadata().getDeletionTimestamp() != null;
        return new RollPod(
                pod.getMetadata().getName(),
                pod.getMetadata().getUid(),
                ORIGIN.stream().anyMatch(key -> !Objects.equals(annotations.get(key), template.get(key))),
                leaving,
                leaving ? Optional.empty() : readySince(pod),
                answers);
    }

    /** Nothing is left of it: neither its containers nor its agent. */
    boolean down() {
        return readySince.isEmpty() && !answers;
    }

    private static Optional<Instant> readySince(Pod pod) {
        List<PodCondition> conditions =
                pod.getStatus() == null ? List.of() : pod.getStatus().getConditions();
        return conditions.stream()
                .filter(condition -> "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()))
                .findFirst()
                .map(ready -> ready.getLastTransitionTime() == null
                        ? Instant.EPOCH
                        : Instant.parse(ready.getLastTransitionTime()));
    }

    static Map<String, String> orEmpty(Map<String, String> entries) {
        return entries == null ? Map.of() : entries;
    }
}
