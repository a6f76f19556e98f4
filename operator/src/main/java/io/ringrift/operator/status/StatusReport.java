package io.ringrift.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.ringrift.operator.api.ConsensusStatus;
import io.ringrift.operator.api.HistoryEntry;
import io.ringrift.operator.api.MembershipStatus;
import io.ringrift.operator.api.Phase;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.api.RingRiftClusterStatus;
import io.ringrift.operator.api.RolloutStatus;
import io.ringrift.operator.api.Summary;
import io.ringrift.operator.observe.AgentReport;
import io.ringrift.operator.observe.ClusterObservation;
import io.ringrift.operator.observe.ClusterObservation.ObservedLeadership;
import io.ringrift.operator.rollout.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The next status, from what was recorded and what was seen. Equal inputs give equal statuses, but for times of changes. */
public final class StatusReport {
    private static final int LONGEST_HISTORY = 10;

    private StatusReport() {}

    /** The status of a resource that is valid. */
    public static RingRiftClusterStatus of(Facts facts) {
        RingRiftClusterStatus previous = facts.cluster().knownStatus();
        List<Condition> conditions = ClusterConditions.of(facts);
        boolean degraded = is(conditions, ClusterConditions.DEGRADED);
        boolean ready = is(conditions, ClusterConditions.READY);
        Phase phase = phase(facts, degraded, ready);
        return new RingRiftClusterStatus(
                facts.resourceGeneration(),
                facts.stage(),
                phase,
                summary(facts),
                facts.rollout(),
                membership(facts.observation()),
                consensus(facts, previous.consensus()),
                facts.observation().podCount(),
                facts.observation().readyPods(),
                selector(facts.cluster()),
                facts.decision().state().lastGoodStage(),
                facts.agentImage(),
                withFirstStage(facts, previous),
                conditions);
    }

    /** The status of a resource that cannot be acted on: what runs stays as it is, and so does what is known of it. */
    public static RingRiftClusterStatus refused(RingRiftCluster cluster, List<String> problems, Instant now) {
        RingRiftClusterStatus previous = cluster.knownStatus();
        long generation = cluster.getMetadata().getGeneration();
        return previous.with()
                .observedGeneration(generation)
                .phase(Phase.DEGRADED)
                .selector(selector(cluster))
                .conditions(ClusterConditions.refused(previous.conditions(), generation, problems, now))
                .build();
    }

    /**
     * The status that stands while only this has been decided and nothing been done about it. A new leader is in it already: whoever
     * waits for one does not wait for the rest.
     *
     * @param seen without replies while not every agent has been asked
     */
    public static RingRiftClusterStatus decided(
            RingRiftCluster cluster,
            Decision decision,
            RolloutStatus rollout,
            ClusterObservation seen,
            String agentImage,
            Instant now) {
        RingRiftClusterStatus previous = cluster.knownStatus();
        Integer stage = previous.stage() == null
                ? null
                : Integer.valueOf(decision.state().stage());
        return previous.with()
                .stage(stage)
                .phase(previous.phase() == null ? Phase.PENDING : previous.phase())
                .summary(summary(previous.summary(), stage, cluster.getSpec().stage()))
                .rollout(rollout)
                .consensus(withNewLeader(previous.consensus(), seen))
                .lastGoodStage(decision.state().lastGoodStage())
                .agentImage(agentImage)
                .history(history(previous, decision, now))
                .build();
    }

    /** The same, with the leader that came while it was being put together. */
    public static RingRiftClusterStatus withNewLeader(RingRiftClusterStatus report, ClusterObservation since) {
        return report.with().consensus(withNewLeader(report.consensus(), since)).build();
    }

    /**
     * Whether a status that says what was decided differs from what is stored in words and counts alone: nobody resumes from those, and
     * the report at the end of the reconciliation brings them.
     */
    public static boolean tellsOnly(RingRiftClusterStatus decided, RingRiftClusterStatus stored) {
        if (stored == null || stored.rollout() == null || decided.rollout() == null) {
            return false;
        }
        RolloutStatus resumed = decided.rollout()
                .withMessage(stored.rollout().message())
                .withUpdated(stored.rollout().updated());
        return decided.with().rollout(resumed).build().equals(stored);
    }

    /** The status where the operator itself could not do what is to be done. */
    public static RingRiftClusterStatus failed(RingRiftCluster cluster, String words, Instant now) {
        RingRiftClusterStatus previous = cluster.knownStatus();
        long generation = cluster.getMetadata().getGeneration();
        return previous.with()
                .phase(Phase.DEGRADED)
                .conditions(ClusterConditions.failed(previous.conditions(), generation, words, now))
                .build();
    }

    static boolean is(List<Condition> conditions, String type) {
        return conditions.stream()
                .anyMatch(condition -> type.equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private static String selector(RingRiftCluster cluster) {
        return RingRiftCluster.GROUP + "/cluster=" + cluster.getMetadata().getName();
    }

    private static Summary summary(Facts facts) {
        return new Summary(
                stage(facts.stage(), facts.cluster().getSpec().stage()),
                facts.observation().readyPods() + "/" + facts.replicas(),
                membersAlive(facts.observation()) + "/" + facts.replicas());
    }

    /** A new stage and its short text are never seen apart. */
    private static Summary summary(Summary previous, Integer stage, int target) {
        return previous == null ? null : new Summary(stage(stage, target), previous.ready(), previous.alive());
    }

    private static String stage(Integer actual, int target) {
        if (actual == null) {
            return "->" + target;
        }
        return actual == target ? actual.toString() : actual + "->" + target;
    }

    private static long membersAlive(ClusterObservation observation) {
        var states = observation.states();
        return observation.members().stream()
                .filter(member -> "ALIVE".equals(states.get(member)))
                .count();
    }

    /** A walk is shown as what it is, whatever else is the matter; at rest trouble comes first. */
    private static Phase phase(Facts facts, boolean degraded, boolean ready) {
        if (facts.decision().phase().isUnderWay()) {
            return facts.decision().phase();
        }
        boolean settled = ready && !facts.roll().underWay();
        return degraded ? Phase.DEGRADED : settled ? Phase.STABLE : Phase.PENDING;
    }

    private static MembershipStatus membership(ClusterObservation observation) {
        if (observation.reports().isEmpty()) {
            return null;
        }
        Collection<String> states = observation.states().values();
        return new MembershipStatus(
                observation.majority(report -> report.modes().membership()).orElse(null),
                (int) states.stream().filter(state -> !"LEFT".equals(state)).count(),
                count(states, "ALIVE"),
                count(states, "SUSPECTED"),
                count(states, "FAILED"),
                observation.reports().stream().anyMatch(AgentReport::swimFallbackActive));
    }

    private static int count(Collection<String> states, String wanted) {
        return (int) states.stream().filter(wanted::equals).count();
    }

    /** The epoch is the fencing token: an agent that has lost its memory must not make it go back. */
    private static ConsensusStatus consensus(Facts facts, ConsensusStatus previous) {
        Long highest = previous == null ? null : previous.epoch();
        Optional<ObservedLeadership> leadership = facts.observation().leadership();
        long seen = leadership.map(ObservedLeadership::epoch).orElse(0L);
        if (highest == null && leadership.isEmpty()) {
            return null;
        }
        Optional<ObservedLeadership> holding = leadership.filter(ignored -> highest == null || seen >= highest);
        return new ConsensusStatus(
                facts.observation()
                        .majority(report -> report.modes().consensus())
                        .orElse(null),
                holding.flatMap(ObservedLeadership::leader).orElse(null),
                highest == null ? seen : Math.max(highest, seen),
                holding.flatMap(ObservedLeadership::source).orElse(null),
                facts.observation().term(),
                voters(facts),
                facts.observation().reports().stream().anyMatch(AgentReport::raftFallbackActive));
    }

    /** What was recorded, unless somebody leads under a higher epoch, or under that one and nobody did. */
    private static ConsensusStatus withNewLeader(ConsensusStatus recorded, ClusterObservation seen) {
        if (recorded == null || recorded.epoch() == null) {
            return recorded;
        }
        return seen.leadership()
                .filter(now -> now.leader().isPresent())
                .filter(now ->
                        now.epoch() > recorded.epoch() || now.epoch() == recorded.epoch() && recorded.leader() == null)
                .map(now -> new ConsensusStatus(
                        recorded.mode(),
                        now.leader().get(),
                        now.epoch(),
                        now.source().orElse(null),
                        seen.term(),
                        recorded.voters(),
                        recorded.fallbackActive()))
                .orElse(recorded);
    }

    /** Raft's own word where it runs, else who would vote. */
    private static List<String> voters(Facts facts) {
        List<String> voting = facts.observation().voters();
        return voting.isEmpty() ? facts.decision().assignment().base().voters() : voting;
    }

    /** A walk is recorded with its decision; that the cluster came to be is seen when every agent has acknowledged. */
    private static List<HistoryEntry> withFirstStage(Facts facts, RingRiftClusterStatus previous) {
        if (previous.stage() != null || facts.stage() == null) {
            return previous.history();
        }
        return List.of(new HistoryEntry(
                facts.stage(),
                null,
                facts.rollout().since(),
                facts.now().toString(),
                "Succeeded",
                "AllAgentsAcknowledged",
                "All " + facts.replicas() + " agents run stage " + facts.stage() + "."));
    }

    private static List<HistoryEntry> history(RingRiftClusterStatus previous, Decision decision, Instant now) {
        List<HistoryEntry> history = new ArrayList<>();
        String started = previous.rollout() == null ? null : previous.rollout().started();
        decision.transitions().stream()
                .filter(transition -> transition.kind() != Decision.Kind.PROGRESS)
                .filter(transition -> transition.kind() != Decision.Kind.FAILED)
                .forEach(transition -> history.addFirst(new HistoryEntry(
                        transition.to(),
                        transition.from(),
                        started,
                        now.toString(),
                        transition.kind() == Decision.Kind.ROLLED_BACK ? "RolledBack" : "Succeeded",
                        transition.reason(),
                        transition.message())));
        history.addAll(previous.history());
        return history.subList(0, Math.min(history.size(), LONGEST_HISTORY));
    }
}
