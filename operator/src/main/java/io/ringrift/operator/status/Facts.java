package io.ringrift.operator.status;

import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.api.RolloutStatus;
import io.ringrift.operator.desired.ForeignWorkload;
import io.ringrift.operator.observe.ClusterObservation;
import io.ringrift.operator.roll.RollProgress;
import io.ringrift.operator.rollout.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that the status of a resource that is valid is made from.
 *
 * @param cluster with the status as it was recorded last
 * @param observation pods and agents
 * @param decision which stage and configuration each agent is given, and why
 * @param rollout the same as it is recorded
 * @param agentImage the recorded image of the agent
 * @param templateRefusal the API server's words where it refused the workload
 * @param warnings what else is wrong: with stored secrets, with annotations; a sentence each
 * @param roll which pods were made from the present template
 * @param workload the one that the resource refers to, if it does
 * @param now for what changes
 */
public record Facts(
        RingRiftCluster cluster,
        ClusterObservation observation,
        Decision decision,
        RolloutStatus rollout,
        String agentImage,
        Optional<String> templateRefusal,
        List<String> warnings,
        RollProgress roll,
        Optional<ForeignWorkload.State> workload,
        Instant now) {
    int replicas() {
        return observation.members().size();
    }

    long resourceGeneration() {
        return cluster.getMetadata().getGeneration();
    }

    /** Members whose agent does not run what it shall, or does not say. */
    List<String> waiting() {
        return observation.members().stream()
                .filter(member -> observation
                        .report(member)
                        .filter(report -> report.runs(decision.assignment().generationOf(member)))
                        .isEmpty())
                .toList();
    }

    /** The highest stage that every agent has acknowledged; null: none yet. */
    Integer stage() {
        Integer recorded = cluster.knownStatus().stage();
        return recorded == null && !waiting().isEmpty()
                ? null
                : Integer.valueOf(decision.state().stage());
    }

    Optional<String> leader() {
        return observation.leadership().flatMap(ClusterObservation.ObservedLeadership::leader);
    }
}
