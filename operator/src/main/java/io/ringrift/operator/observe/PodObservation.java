package io.ringrift.operator.observe;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.desired.Labels;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What of a pod matters to the operator.
 *
 * @param address its IP; empty until it has one
 * @param leaving it was deleted and is on its way out; not ready then
 * @param leads it carries the leader's label
 * @param touched the configuration generation that it was touched for last
 */
public record PodObservation(
        String name,
        String uid,
        Instant created,
        Optional<String> address,
        boolean leaving,
        boolean ready,
        boolean leads,
        OptionalLong touched) {
    /**
     * The annotation that is changed on a pod so that its kubelet looks at the pod's volumes at once, not within a minute
     * or two.
     */
    public static final String TOUCH_ANNOTATION = RingRiftCluster.GROUP + "/config-generation";

    /** What there is to see of that pod. */
    public static PodObservation of(Pod pod) {
        Map<String, String> labels = orEmpty(pod.getMetadata().getLabels());
        Map<String, String> annotations = orEmpty(pod.getMetadata().getAnnotations());
        boolean leaving = pod.getMetadata().getDeletionTimestamp() != null;
        Optional<String> address = pod.getStatus() == null
                ? Optional.empty()
                : Optional.ofNullable(pod.getStatus().getPodIP());
        return new PodObservation(
                pod.getMetadata().getName(),
                pod.getMetadata().getUid(),
                Instant.parse(pod.getMetadata().getCreationTimestamp()),
                address,
                leaving,
                !leaving && isReady(pod),
                Labels.ROLE_LEADER.equals(labels.get(Labels.ROLE)),
                generation(annotations.get(TOUCH_ANNOTATION)));
    }

    private static boolean isReady(Pod pod) {
        List<PodCondition> conditions =
                pod.getStatus() == null ? List.of() : pod.getStatus().getConditions();
        return conditions.stream()
                .anyMatch(condition -> "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private static OptionalLong generation(String text) {
        try {
            return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            // Written by somebody else: touch it again.
            return OptionalLong.empty();
        }
    }

    private static Map<String, String> orEmpty(Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
