package io.ringrift.operator.apply;

import io.ringrift.operator.observe.ClusterObservation;
import io.ringrift.operator.observe.PodObservation;
import io.ringrift.operator.rollout.Assignment;
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
    static List<PodPatch> needed(ClusterObservation seen, Assignment assignment, Instant handedOut) {
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
                .filter(pod -> needsTouch(pod, seen, assignment.generationOf(pod.name()), handedOut))
                .forEach(pod -> patches.add(new Touch(pod, assignment.generationOf(pod.name()))));
        return patches;
    }

    /** A pod that was made after the configuration has it anyhow; one that runs it needs nothing. */
    private static boolean needsTouch(PodObservation pod, ClusterObservation seen, long generation, Instant handedOut) {
        boolean runs = seen.report(pod.name())
                .filter(report -> report.runs(generation))
                .isPresent();
        return !runs && pod.touched().orElse(0) < generation && pod.created().isBefore(handedOut);
    }
}
