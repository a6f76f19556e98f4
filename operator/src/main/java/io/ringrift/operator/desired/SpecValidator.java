package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.Quantity;
import io.ringrift.operator.api.ConsensusSpec;
import io.ringrift.operator.api.Durations;
import io.ringrift.operator.api.MembershipSpec;
import io.ringrift.operator.api.Modes;
import io.ringrift.operator.api.PortsSpec;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.api.RingRiftClusterSpec;
import io.ringrift.operator.api.RolloutSpec;
import io.ringrift.operator.api.WorkloadRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The API server's rules once more, for resources that got past them: stored under an older CRD, or where somebody has
 * edited the CRD. Beyond them it checks what only the operator knows: the names that are its own in a pod.
 *
 * <p>Rules that compare with the resource before its change (what can never change) are the API server's alone.
 */
public final class SpecValidator {

    private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern STEP = Pattern.compile("[1-9][0-9]{0,3}|[1-9][0-9]?%|100%");
    private static final Duration LONGEST_AGENT_TIME = Duration.ofMinutes(10);
    private static final int MOST_REPLICAS = 1000;

    private final List<String> problems = new ArrayList<>();

    private SpecValidator() {}

    /**
     * Everything that is wrong with a resource.
     *
     * @return a sentence for each problem that names the field, its value and what is allowed; empty: nothing is wrong
     */
    public static List<String> problems(RingRiftCluster cluster) {
        var validator = new SpecValidator();
        validator.name(cluster.getMetadata().getName());
        RingRiftClusterSpec spec = cluster.getSpec();
        if (spec == null) {
            validator.problems.add("spec is missing: at least spec.stage is needed");
        } else {
            validator.spec(cluster, spec);
        }
        return List.copyOf(validator.problems);
    }

    private void spec(RingRiftCluster cluster, RingRiftClusterSpec spec) {
        range("spec.stage", spec.stage(), 0, Modes.LAST_STAGE);
        range("spec.replicas", spec.replicas(), 1, MOST_REPLICAS);
        require(
                spec.template() == null || spec.workloadRef() == null,
                "spec.template and spec.workloadRef are both set: set one of them");
        require(
                spec.storage() == null || spec.workloadRef() == null,
                "spec.storage and spec.workloadRef are both set: the claims of a StatefulSet that exists cannot be changed");
        workloadRef(spec.workloadRef());
        membership(spec.membership());
        consensus(cluster, spec);
        storage(spec);
        rollout(spec.rollout());
        ports(spec.ports());
        problems.addAll(TemplateValidator.problems(spec.template()));
    }

    private void workloadRef(WorkloadRef reference) {
        if (reference == null) {
            return;
        }
        require(
                "StatefulSet".equals(reference.kind()),
                "spec.workloadRef.kind is " + reference.kind() + ": it must be StatefulSet");
        require(
                reference.name() != null && !reference.name().isBlank(),
                "spec.workloadRef.name is missing: it must name a StatefulSet of the same namespace");
    }

    private void name(String name) {
        require(
                name.length() <= RingRiftCluster.MAX_NAME_LENGTH
                        && NAME.matcher(name).matches(),
                "metadata.name is " + name + ": it must be at most " + RingRiftCluster.MAX_NAME_LENGTH
                        + " lower-case letters, digits and hyphens, and begin with a letter");
    }

    private void membership(MembershipSpec spec) {
        String path = "spec.membership";
        var swim = spec.swim();
        agentTime(path + ".swim.pingInterval", swim.pingInterval());
        range(path + ".swim.pingRequestGroupSize", swim.pingRequestGroupSize(), 1, 10);
        range(path + ".swim.maxTransmissions", swim.maxTransmissions(), 1, 100);
        ascending(
                "the times of spec.membership.swim (unset: the profile's)",
                time(
                        path + ".swim.suspicionTimeout",
                        swim.suspicionTimeout() == null ? spec.profile().suspicionTimeout() : swim.suspicionTimeout()),
                time(
                        path + ".swim.failureTimeout",
                        swim.failureTimeout() == null ? spec.profile().failureTimeout() : swim.failureTimeout()));
        ascending(
                "the times of spec.membership.http",
                time(path + ".http.pollInterval", spec.http().pollInterval()),
                time(path + ".http.suspectAfter", spec.http().suspectAfter()),
                time(path + ".http.failedAfter", spec.http().failedAfter()));
    }

    private void consensus(RingRiftCluster cluster, RingRiftClusterSpec spec) {
        ConsensusSpec consensus = spec.consensus();
        Integer voters = consensus.voters();
        List<String> names = consensus.voterNames();
        if (voters != null) {
            // How many pods a workload of somebody else has is not ours to say.
            boolean enough = spec.workloadRef() != null || voters <= spec.replicas();
            require(
                    voters % 2 == 1 && voters > 0 && enough,
                    "spec.consensus.voters is " + voters + ": it must be odd and at most spec.replicas ("
                            + spec.replicas() + ")");
            require(
                    names.isEmpty() || names.size() == voters,
                    "spec.consensus.voters is " + voters + " and spec.consensus.voterNames names " + names.size()
                            + ": leave one of them out");
        }
        require(
                names.isEmpty() || names.size() % 2 == 1,
                "spec.consensus.voterNames names " + names.size() + " members: it must be an odd number");
        require(
                names.stream().distinct().count() == names.size(),
                "spec.consensus.voterNames names a member twice: " + String.join(", ", names));
        if (spec.replicas() >= 1 && spec.replicas() <= MOST_REPLICAS) {
            List<String> members = cluster.memberNames();
            names.stream()
                    .filter(name -> !members.contains(name))
                    .forEach(name -> problems.add("spec.consensus.voterNames names " + name
                            + ", which is no member: members are " + members.getFirst() + " to " + members.getLast()));
        }
        require(
                consensus.recoveryGeneration() >= 0,
                "spec.consensus.recoveryGeneration is " + consensus.recoveryGeneration() + ": it must be at least 0");
    }

    private void storage(RingRiftClusterSpec spec) {
        if (spec.storage() == null) {
            return;
        }
        String size = spec.storage().size();
        try {
            require(
                    size != null
                            && Quantity.getAmountInBytes(new Quantity(size)).signum() > 0,
                    "spec.storage.size is " + size + ": it must be greater than 0, such as 1Gi");
        } catch (IllegalArgumentException e) {
            problems.add("spec.storage.size is " + size + ": it must be a quantity, such as 500Mi or 1Gi");
        }
    }

    private void rollout(RolloutSpec spec) {
        time("spec.rollout.soak", spec.soak(), Duration.ZERO, Duration.ofDays(30));
        Optional<Duration> verify = time("spec.rollout.verify", spec.verify(), Duration.ZERO, Duration.ofDays(1));
        Optional<Duration> deadline = time(
                "spec.rollout.progressDeadline", spec.progressDeadline(), Duration.ofMillis(1), Duration.ofDays(1));
        ascending("spec.rollout.verify and spec.rollout.progressDeadline", verify, deadline);
        require(!spec.steps().isEmpty(), "spec.rollout.steps is empty: at least one step is needed, such as 100%");
        spec.steps().stream()
                .filter(step -> !STEP.matcher(step).matches())
                .forEach(step -> problems.add("spec.rollout.steps contains " + step
                        + ": a step is a number of pods such as 1, or a percentage from 1% to 100%"));
    }

    private void ports(PortsSpec ports) {
        range("spec.ports.http", ports.http(), 1, 65_535);
        range("spec.ports.swim", ports.swim(), 1, 65_535);
        range("spec.ports.raft", ports.raft(), 1, 65_535);
        require(
                !ports.http().equals(ports.swim())
                        && !ports.http().equals(ports.raft())
                        && !ports.swim().equals(ports.raft()),
                "spec.ports has http " + ports.http() + ", swim " + ports.swim() + " and raft " + ports.raft()
                        + ": they must differ");
    }

    private void agentTime(String path, String text) {
        if (text != null) {
            time(path, text);
        }
    }

    /** A time of the agents: greater than 0 and at most 10 minutes. */
    private Optional<Duration> time(String path, String text) {
        return time(path, text, Duration.ofNanos(1), LONGEST_AGENT_TIME);
    }

    private Optional<Duration> time(String path, String text, Duration shortest, Duration longest) {
        try {
            Duration time = Durations.parse(text);
            if (time.compareTo(shortest) >= 0 && time.compareTo(longest) <= 0) {
                return Optional.of(time);
            }
            String lower = shortest.isZero() ? "at least 0" : "greater than 0";
            problems.add(path + " is " + text + ": it must be " + lower + " and at most " + longest.toMinutes() + "m");
        } catch (IllegalArgumentException e) {
            problems.add(path + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    /** Each less than the next; those that are no times at all have been reported already. */
    @SafeVarargs
    private void ascending(String what, Optional<Duration>... times) {
        for (int i = 1; i < times.length; i++) {
            var earlier = times[i - 1];
            var later = times[i];
            if (earlier.isPresent() && later.isPresent() && earlier.get().compareTo(later.get()) >= 0) {
                problems.add(what + " must rise: " + earlier.get().toMillis() + " ms is not less than "
                        + later.get().toMillis() + " ms");
            }
        }
    }

    private void range(String path, Integer value, int least, int most) {
        require(
                value == null || (value >= least && value <= most),
                path + " is " + value + ": it must be from " + least + " to " + most);
    }

    private void require(boolean holds, String problem) {
        if (!holds) {
            problems.add(problem);
        }
    }
}
