package io.ringrift.operator.roll;

import io.ringrift.operator.observe.ClusterObservation;
import io.ringrift.operator.observe.PodObservation;
import java.util.List;
import java.util.Optional;

/**
 * The leader's pod, where it is on its way out and another member could lead. Its agent is told to end only after the workload has, which takes
 * up to the pod's grace period, and meanwhile the pod is in no Service. Pure.
 */
public final class LeavingLeader {
    private LeavingLeader() {}

    /** The pod whose agent is to hand leadership over. */
    public static Optional<PodObservation> of(ClusterObservation seen) {
        List<String> voters = seen.voters();
        return seen.leadership()
                .filter(leads -> seen.members().stream()
                        .filter(member -> !leads.source().equals(Optional.of("raft")) || voters.contains(member))
                        .anyMatch(member -> seen.pods().containsKey(member)
                                && seen.pods().get(member).ready()))
                .flatMap(ClusterObservation.ObservedLeadership::leader)
                .map(seen.pods()::get)
                .filter(pod -> pod.leaving() && pod.address().isPresent());
    }
}
