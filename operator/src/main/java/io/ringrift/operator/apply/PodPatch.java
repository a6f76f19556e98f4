package io.ringrift.operator.apply;

import io.ringrift.operator.observe.ClusterObservation;
import io.ringrift.operator.observe.PodObservation;
import io.ringrift.operator.rollout.Assignment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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
     * An agent that answered the last time has so long to answer to the push before its kubelet is made to look: five touched pods cost
     * an API server and three kubelets about what applying the configuration costs the agents. Those that cannot be pushed to hear of it within a second
     * all the same.
     */
    Duration PUSH_FIRST = Duration.ofMillis(150);

    /**
     * What is needed now.
     *
     * @param now in the order in which it is to be done
     * @param recheck when more may be needed, though nothing may have happened until then
     */
    record Plan(List<PodPatch> now, Optional<Duration> recheck) {
        public Plan {
            now = List.copyOf(now);
        }
    }

    /**
     * What is needed. The old leader's label goes before the new one's comes, for a moment without a leader is better than one with two.
     *
     * @param handedOut when the configuration was recorded; by the clock of whichever operator worked then
     */
    static Plan plan(ClusterObservation seen, Assignment assignment, Instant handedOut, Instant now) {
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
        Duration age = Duration.between(handedOut, now);
        boolean early = !age.isNegative() && age.compareTo(PUSH_FIRST) < 0;
        Map<Boolean, List<PodObservation>> behind = pods.stream()
                .filter(pod -> needsTouch(pod, seen, assignment.generationOf(pod.name()), handedOut))
                .collect(Collectors.partitioningBy(
                        pod -> early && seen.report(pod.name()).isPresent()));
        behind.get(false).forEach(pod -> patches.add(new Touch(pod, assignment.generationOf(pod.name()))));
        return new Plan(patches, behind.get(true).isEmpty() ? Optional.empty() : Optional.of(PUSH_FIRST.minus(age)));
    }

    /** A pod that was made after the configuration has it anyhow; one that runs it needs nothing. */
    private static boolean needsTouch(PodObservation pod, ClusterObservation seen, long generation, Instant handedOut) {
        boolean runs = seen.report(pod.name())
                .filter(report -> report.runs(generation))
                .isPresent();
        return !runs && pod.touched().orElse(0) < generation && pod.created().isBefore(handedOut);
    }
}
