package io.ringrift.operator.apply;

import io.ringrift.operator.api.RolloutStatus;
import io.ringrift.operator.observe.ClusterObservation;
import io.ringrift.operator.observe.PodObservation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A small change of a pod's metadata that restarts nothing. */
public sealed interface PodPatch {
    /** The pod that is meant; a namesake that has taken its place is not. */
    PodObservation pod();

    /** It leads no more. */
    record TakeLeaderLabel(PodObservation pod) implements PodPatch {}

    /** It leads. */
    record GiveLeaderLabel(PodObservation pod) implements PodPatch {}

    /** Its kubelet is to look at the mounted configuration now. */
    record Touch(PodObservation pod, long generation) implements PodPatch {}

    /**
     * What is needed, in the order in which it is to be done: the old leader's label goes before the new one's comes, for a
     * moment without a leader is better than one with two.
     */
    static List<PodPatch> needed(ClusterObservation seen, RolloutStatus rollout) {
        Optional<String> leader = seen.leadership().flatMap(ClusterObservation.ObservedLeadership::leader);
        List<PodObservation> pods = seen.members().stream()
                .map(seen.pods()::get)
                .filter(pod -> pod != null)
                .toList();
        List<PodPatch> patches = new ArrayList<>();
        pods.stream()
                .filter(pod -> pod.leads() && !leader.equals(Optional.of(pod.name())))
                .forEach(pod -> patches.add(new TakeLeaderLabel(pod)));
        pods.stream()
                .filter(pod -> !pod.leads() && leader.equals(Optional.of(pod.name())))
                .forEach(pod -> patches.add(new GiveLeaderLabel(pod)));
        pods.stream()
                .filter(pod -> needsTouch(pod, seen, rollout))
                .forEach(pod -> patches.add(new Touch(pod, rollout.generation())));
        return patches;
    }

    /** A pod that was made after the configuration has it anyhow; one that runs it needs nothing. */
    private static boolean needsTouch(PodObservation pod, ClusterObservation seen, RolloutStatus rollout) {
        boolean runs = seen.report(pod.name())
                .filter(report -> report.runs(rollout.generation()))
                .isPresent();
        return !runs
                && pod.touched().orElse(0) < rollout.generation()
                && pod.created().isBefore(Instant.parse(rollout.since()));
    }
}
