package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.ringrift.operator.api.ConsensusMode;
import java.util.List;
import java.util.Optional;

/**
 * Keeps drains and other voluntary evictions from taking the majority that the cluster needs for a leader.
 *
 * <p>Whose majority depends on who elects. Bully counts all members, so the budget is over all pods. Raft (alone, or with
 * Bully as its fallback) counts the voters, so the budget is over the voters' pods alone: with three voters among a
 * thousand workers, the other 997 may be drained at any pace. One budget at a time: the API server refuses to evict a pod
 * that two budgets select.
 */
final class DesiredPodDisruptionBudget {

    /** Kubernetes puts it on every pod of a StatefulSet: the only label that tells members apart. */
    private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";

    private DesiredPodDisruptionBudget() {}

    /**
     * @param stage where the cluster is
     * @return empty below three electors: their majority survives no loss at all, so that a budget would protect nothing
     *     and only block every drain of a node for ever
     */
    static Optional<PodDisruptionBudget> of(ClusterModel model, int stage) {
        boolean bully = model.spec().modesAt(stage).consensus() == ConsensusMode.BULLY;
        List<String> electors = model.electors(stage);
        if (electors.size() < 3) {
            return Optional.empty();
        }
        int majority = electors.size() / 2 + 1;
        return Optional.of(new PodDisruptionBudgetBuilder()
                .withMetadata(model.metadata(model.name()))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(electors.size() - majority))
                .withSelector(bully ? members(model) : voters(model))
                .endSpec()
                .build());
    }

    private static LabelSelector members(ClusterModel model) {
        return new LabelSelectorBuilder().withMatchLabels(model.selector()).build();
    }

    private static LabelSelector voters(ClusterModel model) {
        return new LabelSelectorBuilder()
                .withMatchLabels(model.selector())
                .addNewMatchExpression()
                .withKey(POD_NAME)
                .withOperator("In")
                .withValues(model.voters())
                .endMatchExpression()
                .build();
    }
}
