package io.ringrift.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.ringrift.operator.api.ConsensusStatus;
import io.ringrift.operator.api.RingRiftClusterStatus;
import io.ringrift.operator.rollout.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Tells what has changed between two recorded statuses. Because both are recorded, a restart of the operator tells nothing
 * twice, and a cluster that rests tells nothing at all.
 */
public final class Transitions {
    private Transitions() {}

    /** What a decision about the roll-out made so. */
    public static List<Transition> of(Decision decision) {
        return decision.transitions().stream()
                .map(transition -> new Transition(
                        transition.kind() == Decision.Kind.FAILED || transition.kind() == Decision.Kind.ROLLED_BACK,
                        transition.reason(),
                        transition.message() + " (stage " + transition.from() + " to " + transition.to() + ")"))
                .toList();
    }

    /** What has become so, in the order in which a reader wants it. */
    public static List<Transition> between(RingRiftClusterStatus before, RingRiftClusterStatus after) {
        List<Transition> transitions = new ArrayList<>();
        stage(before, after).ifPresent(transitions::add);
        leadership(before.consensus(), after.consensus()).ifPresent(transitions::add);
        members(before, after).ifPresent(transitions::add);
        changed(before, after, ClusterConditions.SPEC_ACCEPTED, "SpecRefused", "SpecAccepted")
                .ifPresent(transitions::add);
        changed(before, after, ClusterConditions.TEMPLATE_ACCEPTED, "TemplateRefused", "TemplateAccepted")
                .ifPresent(transitions::add);
        podsUpdated(before, after).ifPresent(transitions::add);
        changed(before, after, ClusterConditions.CONFIG_ACCEPTED, "ConfigurationRefused", "ConfigurationAccepted")
                .ifPresent(transitions::add);
        dataLoss(before, after).ifPresent(transitions::add);
        changed(before, after, ClusterConditions.WORKLOAD_ACCEPTED, "WorkloadRefused", "WorkloadAccepted")
                .ifPresent(transitions::add);
        return transitions;
    }

    /** The first stage only: a walk between stages tells of itself. */
    private static Optional<Transition> stage(RingRiftClusterStatus before, RingRiftClusterStatus after) {
        return before.stage() == null && after.stage() != null
                ? Optional.of(new Transition(false, "StageReached", "Every agent runs stage " + after.stage() + "."))
                : Optional.empty();
    }

    private static Optional<Transition> leadership(ConsensusStatus before, ConsensusStatus after) {
        String leaderBefore = before == null ? null : before.leader();
        String leaderAfter = after == null ? null : after.leader();
        Long epochBefore = before == null ? null : before.epoch();
        if (leaderAfter == null) {
            return leaderBefore == null
                    ? Optional.empty()
                    : Optional.of(new Transition(true, "LeaderLost", leaderBefore + " leads no more; nobody does."));
        }
        if (leaderAfter.equals(leaderBefore) && Objects.equals(epochBefore, after.epoch())) {
            return Optional.empty();
        }
        String source = after.source() == null ? "" : " (" + after.source() + ")";
        String instead = leaderBefore == null || leaderBefore.equals(leaderAfter) ? "" : " instead of " + leaderBefore;
        return Optional.of(new Transition(
                false,
                "LeaderElected",
                leaderAfter + " leads" + instead + " under epoch " + after.epoch() + source + "."));
    }

    private static Optional<Transition> members(RingRiftClusterStatus before, RingRiftClusterStatus after) {
        int failedBefore = failed(before);
        int failedAfter = failed(after);
        if (failedAfter > failedBefore) {
            return Optional.of(new Transition(
                    true,
                    "MembersFailed",
                    condition(after, ClusterConditions.DEGRADED)
                            .map(Condition::getMessage)
                            .orElse("")));
        }
        if (failedAfter < failedBefore) {
            return Optional.of(new Transition(
                    false,
                    "MembersRecovered",
                    failedAfter == 0
                            ? "No member is failed any more."
                            : failedAfter + " members are still failed, " + failedBefore + " were."));
        }
        return Optional.empty();
    }

    /** Of all conditions the one that is bad while it is true. */
    private static Optional<Transition> dataLoss(RingRiftClusterStatus before, RingRiftClusterStatus after) {
        boolean was = StatusReport.is(before.conditions(), ClusterConditions.DATA_LOSS);
        boolean is = StatusReport.is(after.conditions(), ClusterConditions.DATA_LOSS);
        return was == is
                ? Optional.empty()
                : condition(after, ClusterConditions.DATA_LOSS)
                        .map(now -> new Transition(is, is ? "DataLoss" : "DataRecovered", now.getMessage()));
    }

    /** Each step of a roll has its own event. */
    private static Optional<Transition> podsUpdated(RingRiftClusterStatus before, RingRiftClusterStatus after) {
        boolean rolled = condition(before, ClusterConditions.PODS_UPDATED)
                .filter(condition -> "False".equals(condition.getStatus()))
                .isPresent();
        return condition(after, ClusterConditions.PODS_UPDATED)
                .filter(condition -> rolled && "True".equals(condition.getStatus()))
                .map(condition -> new Transition(false, "PodsUpdated", condition.getMessage()));
    }

    private static int failed(RingRiftClusterStatus status) {
        return status.membership() == null || status.membership().failed() == null
                ? 0
                : status.membership().failed();
    }

    /** A condition that turned bad, or good again; what is good from the start is no news. */
    private static Optional<Transition> changed(
            RingRiftClusterStatus before, RingRiftClusterStatus after, String type, String bad, String good) {
        Optional<Condition> now = condition(after, type);
        boolean isBad =
                now.map(condition -> "False".equals(condition.getStatus())).orElse(false);
        Optional<Condition> then = condition(before, type).filter(condition -> "False".equals(condition.getStatus()));
        if (isBad) {
            boolean same = then.map(Condition::getMessage).equals(now.map(Condition::getMessage));
            return same ? Optional.empty() : now.map(condition -> new Transition(true, bad, condition.getMessage()));
        }
        return then.isPresent() && now.isPresent()
                ? Optional.of(new Transition(false, good, now.get().getMessage()))
                : Optional.empty();
    }

    private static Optional<Condition> condition(RingRiftClusterStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }
}
