package io.ringrift.operator;

import io.ringrift.operator.api.ConsensusMode;
import io.ringrift.operator.api.ConsensusStatus;
import io.ringrift.operator.api.Durations;
import io.ringrift.operator.api.MembershipMode;
import io.ringrift.operator.api.Modes;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.api.RolloutSpec;
import io.ringrift.operator.desired.ClusterModel;
import io.ringrift.operator.desired.RuntimeConfig;
import io.ringrift.operator.desired.RuntimeDocuments;
import io.ringrift.operator.observe.AgentReport;
import io.ringrift.operator.observe.AgentReport.AgentModes;
import io.ringrift.operator.observe.ClusterObservation;
import io.ringrift.operator.rollout.Assignment;
import io.ringrift.operator.rollout.Decision;
import io.ringrift.operator.rollout.NodeReport;
import io.ringrift.operator.rollout.RolloutEngine;
import io.ringrift.operator.rollout.RolloutRecord;
import io.ringrift.operator.rollout.RolloutRequest;
import io.ringrift.operator.rollout.RolloutState;
import io.ringrift.operator.rollout.Setting;
import io.ringrift.operator.rollout.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Puts the question to the roll-out's engine in its own words, and its answer into configuration documents. Pure. */
final class RolloutPlanner {
    private RolloutPlanner() {}

    /**
     * @param asked whether every agent has been asked at least once: before that nothing is judged
     * @param highestSeen the highest configuration generation that can be seen anywhere
     */
    static Decision decide(
            RingRiftCluster cluster,
            ClusterModel model,
            ClusterObservation seen,
            boolean asked,
            long highestSeen,
            Instant now) {
        RolloutState state = RolloutRecord.read(cluster.knownStatus(), highestSeen);
        RolloutRequest request = request(cluster, model, highestEpoch(cluster, seen));
        boolean handedOutBefore = cluster.knownStatus().rollout() != null;
        if (!asked && handedOutBefore) {
            return RolloutEngine.hold(state, request, now);
        }
        return RolloutEngine.next(
                state,
                request,
                seen.reports().stream().map(RolloutPlanner::report).toList(),
                now);
    }

    /** What each agent is to run. */
    static RuntimeDocuments documents(ClusterModel model, Assignment assignment) {
        RuntimeConfig base = config(model, assignment.baseGeneration(), assignment.base());
        Set<String> switched = assignment.switched();
        return switched.isEmpty()
                ? RuntimeDocuments.of(base)
                : new RuntimeDocuments(base, switched, config(model, assignment.nextGeneration(), assignment.next()));
    }

    private static RuntimeConfig config(ClusterModel model, long generation, Setting setting) {
        return new RuntimeConfig(
                generation, RuntimeConfig.keysAt(model, setting.modes(ladder(model)), setting.voters()));
    }

    private static List<Modes> ladder(ClusterModel model) {
        return IntStream.rangeClosed(0, Modes.LAST_STAGE)
                .mapToObj(model.spec()::modesAt)
                .toList();
    }

    private static long highestEpoch(RingRiftCluster cluster, ClusterObservation seen) {
        ConsensusStatus known = cluster.knownStatus().consensus();
        long recorded = known == null || known.epoch() == null ? 0 : known.epoch();
        return Math.max(
                recorded,
                seen.leadership()
                        .map(ClusterObservation.ObservedLeadership::epoch)
                        .orElse(0L));
    }

    private static RolloutRequest request(RingRiftCluster cluster, ClusterModel model, long epoch) {
        RolloutSpec rollout = model.spec().rollout();
        return new RolloutRequest(
                cluster.getMetadata().getGeneration(),
                model.spec().stage(),
                RuntimeConfig.digest(model),
                ladder(model),
                // Named in another order they are the same.
                model.voters().stream().sorted().toList(),
                highestOrdinalFirst(model.members()),
                epoch,
                Durations.parse(rollout.soak()),
                Durations.parse(rollout.verify()),
                rollout.steps().stream().map(Step::parse).toList(),
                Durations.parse(rollout.progressDeadline()),
                rollout.automaticRollback(),
                RolloutAnnotation.of(cluster));
    }

    /** As a StatefulSet updates its pods; and where nobody chose them, the voters are the lowest ordinals. */
    private static List<String> highestOrdinalFirst(List<String> members) {
        List<String> order = new ArrayList<>(members);
        Collections.reverse(order);
        return order;
    }

    private static NodeReport report(AgentReport report) {
        return new NodeReport(
                report.nodeId(),
                report.generation(),
                report.refused().map(AgentReport.Refusal::problems).orElse(List.of()),
                report.refused().map(AgentReport.Refusal::generation).orElse(OptionalLong.empty()),
                modes(report.modes()),
                report.fallbacks(),
                report.viewHash(),
                report.leader(),
                report.epoch(),
                report.view().entrySet().stream()
                        .filter(peer -> Set.of("SUSPECTED", "FAILED").contains(peer.getValue()))
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toUnmodifiableSet()),
                report.raft().map(RolloutPlanner::raft));
    }

    /** Empty where the agent has words for them that this operator does not know. */
    private static Optional<Modes> modes(AgentModes modes) {
        Optional<MembershipMode> membership = Stream.of(MembershipMode.values())
                .filter(mode -> mode.token().equals(modes.membership()))
                .findFirst();
        Optional<ConsensusMode> consensus = Stream.of(ConsensusMode.values())
                .filter(mode -> mode.token().equals(modes.consensus()))
                .findFirst();
        return membership.flatMap(
                by -> consensus.map(from -> new Modes(modes.swimEnabled(), by, modes.raftEnabled(), from)));
    }

    private static NodeReport.Raft raft(AgentReport.RaftPeer peer) {
        return new NodeReport.Raft(
                peer.available(),
                peer.message().orElse("it does not say why"),
                peer.leader(),
                peer.voters(),
                peer.commitIndex(),
                peer.appliedIndex(),
                peer.dataLost());
    }
}
