package io.ringrift.operator.status;

import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.api.RolloutStatus;
import io.ringrift.operator.observe.ClusterObservation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that the status of a resource that is valid is made from.
 *
 * @param cluster with the status as it was recorded last
 * @param observation pods and agents
 * @param rollout what the agents are given
 * @param agentImage the recorded image of the agent
 * @param templateRefusal the API server's words where it refused the workload
 * @param secretProblems what is wrong with stored secrets, a sentence each
 * @param now for what changes
 */
public record Facts(
        RingRiftCluster cluster,
        ClusterObservation observation,
        RolloutStatus rollout,
        String agentImage,
        Optional<String> templateRefusal,
        List<String> secretProblems,
        Instant now) {
    int replicas() {
        return cluster.getSpec().replicas();
    }

    long resourceGeneration() {
        return cluster.getMetadata().getGeneration();
    }

    /** Every member's agent runs the configuration that was handed out, and the modes it stands for. */
    boolean reached() {
        var modes = cluster.getSpec().modesAt(rollout.to());
        return observation.notRunning(rollout.generation()).isEmpty()
                && observation.reports().stream().allMatch(report -> {
                    var runs = report.modes();
                    return runs.swimEnabled() == modes.swimEnabled()
                            && runs.membership().equals(modes.membership().token())
                            && runs.raftEnabled() == modes.raftEnabled()
                            && runs.consensus().equals(modes.consensus().token());
                });
    }

    /** The highest stage that every agent has acknowledged; null: none yet. */
    Integer stage() {
        return reached() ? rollout.to() : cluster.knownStatus().stage();
    }

    Optional<String> leader() {
        return observation.leadership().flatMap(ClusterObservation.ObservedLeadership::leader);
    }
}
