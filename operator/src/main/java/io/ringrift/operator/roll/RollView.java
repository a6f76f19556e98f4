package io.ringrift.operator.roll;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.ringrift.operator.api.ConsensusMode;
import io.ringrift.operator.desired.ClusterModel;
import io.ringrift.operator.observe.ClusterObservation;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Everything that decides which pod makes way next.
 *
 * @param members in the order of their ordinals
 * @param pods by name; a member without one is not in it
 * @param electors whose majority makes a leader: Raft's voters, or in Bully's stages all members
 * @param raft whether Raft decides about the leader
 * @param durable whether Raft's log outlives its pod
 * @param leader empty: nobody leads
 * @param standings empty: the voters were not asked
 * @param handOverAsked when this leader was asked to hand over; empty: it was not
 * @param held why no pod may be evicted at all now, as the end of a sentence
 */
public record RollView(
        List<String> members,
        Map<String, RollPod> pods,
        Set<String> electors,
        boolean raft,
        boolean durable,
        Optional<String> leader,
        Optional<Standings> standings,
        Optional<Instant> handOverAsked,
        Optional<String> held) {
    public RollView {
        members = List.copyOf(members);
        pods = Map.copyOf(pods);
        electors = Set.copyOf(electors);
    }

    /**
     * @param workload as it is stored; empty: it was not made yet, or its pods are not ours to roll: then none is outdated
     * @param livePods the cluster's pods, and possibly others
     * @param stage the higher of the stages that agents are in
     * @param held why no pod may be evicted now
     */
    public static RollView of(
            ClusterModel model,
            Optional<StatefulSet> workload,
            Stream<Pod> livePods,
            ClusterObservation seen,
            int stage,
            Optional<String> held) {
        Map<String, String> template = workload.map(set -> RollPod.orEmpty(
                        set.getSpec().getTemplate().getMetadata().getAnnotations()))
                .orElse(Map.of());
        Map<String, RollPod> pods = new HashMap<>();
        livePods.filter(pod -> workload.isPresent())
                .filter(pod -> model.members().contains(pod.getMetadata().getName()))
                .forEach(pod -> pods.put(
                        pod.getMetadata().getName(),
                        RollPod.of(
                                pod,
                                template,
                                seen.report(pod.getMetadata().getName()).isPresent())));
        return new RollView(
                model.members(),
                pods,
                Set.copyOf(model.electors(stage)),
                model.spec().modesAt(stage).consensus() != ConsensusMode.BULLY,
                model.spec().storage() != null,
                seen.leadership().flatMap(ClusterObservation.ObservedLeadership::leader),
                Optional.empty(),
                Optional.empty(),
                held.or(() -> workload.filter(set -> !templateKnown(set))
                        .map(set -> "the StatefulSet's controller has not seen the new template yet")));
    }

    /** Before that a pod that is evicted might be made from the old template again. */
    private static boolean templateKnown(StatefulSet workload) {
        Long observed =
                workload.getStatus() == null ? null : workload.getStatus().getObservedGeneration();
        return observed != null && observed >= workload.getMetadata().getGeneration();
    }

    /** The same once the voters have answered. */
    public RollView with(Standings answered) {
        return new RollView(members, pods, electors, raft, durable, leader, Optional.of(answered), handOverAsked, held);
    }

    /** The same, knowing when the leader was asked to hand over. */
    public RollView handOverAsked(Optional<Instant> asked) {
        return new RollView(members, pods, electors, raft, durable, leader, standings, asked, held);
    }

    /** The pod of the member that leads. */
    public Optional<RollPod> leaderPod() {
        return leader.map(pods::get);
    }

    List<RollPod> outdated() {
        return pods.values().stream().filter(RollPod::outdated).toList();
    }

    /** How far the roll is. */
    public RollProgress progress() {
        return new RollProgress(
                pods.size() - outdated().size(), members.size(), !outdated().isEmpty(), Optional.empty());
    }
}
