package io.ringrift.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.ringrift.operator.api.ConsensusStatus;
import io.ringrift.operator.api.Phase;
import io.ringrift.operator.desired.ForeignWorkload;
import io.ringrift.operator.observe.AgentReport;
import io.ringrift.operator.observe.AgentReport.Refusal;
import io.ringrift.operator.observe.ClusterObservation;
import io.ringrift.operator.roll.RollProgress;
import io.ringrift.operator.rollout.Assignment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The conditions of a resource, each with a sentence that says what is so and, where it is bad, of whom. */
final class ClusterConditions {
    static final String READY = "Ready";
    static final String PROGRESSING = "Progressing";
    static final String DEGRADED = "Degraded";
    static final String CONVERGED = "Converged";
    static final String LEADER_ELECTED = "LeaderElected";
    static final String SPEC_ACCEPTED = "SpecAccepted";
    static final String TEMPLATE_ACCEPTED = "TemplateAccepted";
    static final String CONFIG_ACCEPTED = "ConfigAccepted";
    static final String WORKLOAD_ACCEPTED = "WorkloadAccepted";
    static final String PODS_UPDATED = "PodsUpdated";
    static final String DATA_DURABLE = "DataDurable";
    static final String DATA_LOSS = "DataLoss";

    /** So many names are said, then how many more there are. */
    private static final int MOST_NAMES = 5;

    private final Facts facts;
    private final ClusterObservation seen;
    private final Conditions conditions;

    /** Why the resource is degraded; the first is what is shown. */
    private final List<Reason> troubles = new ArrayList<>();

    /** What still has to happen until it is ready; the first is what is shown. */
    private final List<Reason> pending = new ArrayList<>();

    private ClusterConditions(Facts facts) {
        this.facts = facts;
        this.seen = facts.observation();
        this.conditions =
                new Conditions(facts.cluster().knownStatus().conditions(), facts.resourceGeneration(), facts.now());
    }

    private record Reason(String word, String sentence) {}

    static List<Condition> of(Facts facts) {
        var builder = new ClusterConditions(facts);
        builder.collectTroubles();
        builder.collectPending();
        builder.putSummary();
        builder.putDetails();
        return builder.conditions.list();
    }

    /** Where the resource itself cannot be acted on. */
    static List<Condition> refused(List<Condition> previous, long generation, List<String> problems, Instant now) {
        String message = sentence(String.join("; ", problems)) + " What runs stays as it is.";
        var conditions = new Conditions(previous, generation, now);
        conditions.put(READY, false, "SpecRefused", message);
        conditions.put(PROGRESSING, false, "SpecRefused", message);
        conditions.put(DEGRADED, true, "SpecRefused", message);
        List.of(CONVERGED, LEADER_ELECTED).forEach(conditions::keep);
        conditions.put(SPEC_ACCEPTED, false, "Refused", message);
        List.of(TEMPLATE_ACCEPTED, CONFIG_ACCEPTED, PODS_UPDATED, DATA_DURABLE, DATA_LOSS)
                .forEach(conditions::keep);
        return conditions.list();
    }

    /** Where the operator could not do its work; it tries again. */
    static List<Condition> failed(List<Condition> previous, long generation, String words, Instant now) {
        var conditions = new Conditions(previous, generation, now);
        previous.stream()
                .map(Condition::getType)
                .filter(type -> !type.equals(DEGRADED))
                .forEach(conditions::keep);
        conditions.put(
                DEGRADED,
                true,
                "ReconcileFailed",
                "The operator failed and tries again: " + sentence(String.valueOf(words)));
        return conditions.list();
    }

    private void collectTroubles() {
        facts.templateRefusal()
                .ifPresent(words -> troubles.add(
                        new Reason("TemplateRefused", sentence(words) + " The pods that run stay as they are.")));
        blocked().ifPresent(reason -> troubles.add(new Reason("Workload" + reason.word(), reason.sentence())));
        dataLoss().ifPresent(words -> troubles.add(new Reason("DataLoss", words)));
        refusals().ifPresent(words -> troubles.add(new Reason("ConfigurationRefused", words)));
        fallenEpoch().ifPresent(words -> troubles.add(new Reason("EpochFell", words)));
        if (!facts.warnings().isEmpty()) {
            troubles.add(new Reason("NeedsAttention", sentence(String.join("; ", facts.warnings()))));
        }
        if (facts.decision().phase() == Phase.DEGRADED) {
            troubles.add(new Reason("RolloutFailed", sentence(facts.decision().message())));
        }
        List<String> failed = inState("FAILED");
        if (!failed.isEmpty()) {
            troubles.add(new Reason("MembersFailed", names(failed) + " failed, as the other members see it."));
        }
        if (!seen.silent().isEmpty()) {
            troubles.add(new Reason(
                    "AgentsSilent",
                    "No answer from the agents of " + names(seen.silent()) + " though their pods are ready: "
                            + reasonOfSilence(seen.silent().getFirst()) + "."));
        }
    }

    private void collectPending() {
        int ready = seen.readyPods();
        if (ready < facts.replicas()) {
            pending.add(new Reason("PodsNotReady", ready + " of " + facts.replicas() + " pods are ready."));
        }
        if (!facts.waiting().isEmpty()) {
            pending.add(new Reason("ConfigurationSpreading", convergenceSentence()));
        }
        if (facts.leader().isEmpty()) {
            pending.add(new Reason("NoLeader", "No leader is elected."));
        }
    }

    private void putSummary() {
        boolean blocked = blocked().isPresent();
        if (blocked) {
            conditions.put(
                    READY,
                    false,
                    troubles.getFirst().word(),
                    troubles.getFirst().sentence());
        } else if (pending.isEmpty()) {
            conditions.put(
                    READY,
                    true,
                    "AllMembersReady",
                    "All " + facts.replicas() + " members are ready in stage " + facts.stage() + "; "
                            + leadershipSentence());
        } else {
            conditions.put(READY, false, pending.getFirst().word(), all(pending));
        }
        Phase phase = facts.decision().phase();
        if (!blocked && phase.isUnderWay()) {
            conditions.put(
                    PROGRESSING, true, phase.word(), sentence(facts.decision().message()));
        } else if (facts.roll().underWay()) {
            conditions.put(PROGRESSING, true, "RollingPods", facts.roll().sentence());
        } else if (blocked || pending.isEmpty()) {
            conditions.put(PROGRESSING, false, "Settled", "Nothing is under way.");
        } else {
            conditions.put(PROGRESSING, true, pending.getFirst().word(), all(pending));
        }
        if (troubles.isEmpty()) {
            conditions.put(DEGRADED, false, "AsExpected", "No trouble is known.");
        } else {
            conditions.put(DEGRADED, true, troubles.getFirst().word(), all(troubles));
        }
    }

    private void putDetails() {
        boolean reached = facts.waiting().isEmpty();
        boolean converged = reached && seen.viewsAgree();
        String views = reached && !seen.viewsAgree() ? " Their views of the members differ." : "";
        conditions.put(
                CONVERGED,
                converged,
                converged ? "AllAgentsAgree" : reached ? "ViewsDiffer" : "ConfigurationSpreading",
                convergenceSentence() + views);
        boolean leads = facts.leader().isPresent();
        conditions.put(
                LEADER_ELECTED,
                leads,
                leads ? "Elected" : "NoLeader",
                leads ? sentence(leadershipSentence()) : "No leader is elected.");
        conditions.put(SPEC_ACCEPTED, true, "Valid", "The resource is valid.");
        facts.templateRefusal()
                .ifPresentOrElse(
                        words -> conditions.put(TEMPLATE_ACCEPTED, false, "Refused", sentence(words)),
                        () -> conditions.put(TEMPLATE_ACCEPTED, true, "Applied", "The API server took the workload."));
        refusals()
                .ifPresentOrElse(
                        words -> conditions.put(CONFIG_ACCEPTED, false, "Refused", words),
                        () -> conditions.put(
                                CONFIG_ACCEPTED, true, "NotRefused", "No agent refused its configuration."));
        dataLoss()
                .ifPresentOrElse(
                        words -> conditions.put(DATA_LOSS, true, "MajorityOfDisksGone", words),
                        () -> conditions.put(
                                DATA_LOSS, false, "NoneKnown", "No agent finds a majority of Raft's disks gone."));
        facts.workload().ifPresent(state -> workloadAccepted());
        if (facts.cluster().getSpec().workloadRef() == null) {
            podsUpdated();
        }
        if (facts.cluster().getSpec().storage() == null) {
            conditions.put(
                    DATA_DURABLE,
                    false,
                    "NoStorage",
                    "spec.storage is not set: what Raft acknowledges lies in emptyDirs and does not outlive its pods.");
        } else {
            conditions.put(DATA_DURABLE, true, "Volumes", "Each member has a volume of its own.");
        }
    }

    private void podsUpdated() {
        RollProgress roll = facts.roll();
        if (roll.underWay()) {
            conditions.put(PODS_UPDATED, false, "Rolling", roll.sentence());
        } else {
            conditions.put(PODS_UPDATED, true, "AllUpdated", "Every pod was made from the present template.");
        }
    }

    private void workloadAccepted() {
        blocked()
                .ifPresentOrElse(
                        reason -> conditions.put(WORKLOAD_ACCEPTED, false, reason.word(), reason.sentence()),
                        () -> conditions.put(
                                WORKLOAD_ACCEPTED,
                                true,
                                "HasAgent",
                                "StatefulSet " + facts.cluster().workloadName() + " has the agent in its template."));
    }

    /** Why the workload that the resource refers to has no agent. */
    private Optional<Reason> blocked() {
        return facts.workload().flatMap(state -> switch (state) {
            case ForeignWorkload.State.NotPossible(String word, String sentence) ->
                Optional.of(new Reason(word, sentence));
            case ForeignWorkload.State.Invited invited -> Optional.empty();
        });
    }

    private String convergenceSentence() {
        Assignment assignment = facts.decision().assignment();
        List<String> waiting = facts.waiting();
        String configuration = assignment.switched().isEmpty()
                ? "configuration " + assignment.baseGeneration() + " ("
                        + assignment.base().describe() + ")"
                : "configuration " + assignment.nextGeneration() + " ("
                        + assignment.next().describe() + ", "
                        + assignment.switched().size() + " of them) or "
                        + assignment.baseGeneration() + " (" + assignment.base().describe() + ")";
        if (waiting.isEmpty()) {
            return "All " + facts.replicas() + " agents run " + configuration + ".";
        }
        return (facts.replicas() - waiting.size()) + " of " + facts.replicas() + " agents run " + configuration
                + "; waiting for " + names(waiting) + ".";
    }

    private String leadershipSentence() {
        return seen.leadership()
                .filter(leadership -> leadership.leader().isPresent())
                .map(leadership -> leadership.leader().get() + " leads under epoch " + leadership.epoch()
                        + leadership
                                .source()
                                .map(source -> " (" + source + ").")
                                .orElse("."))
                .orElse("nobody leads.");
    }

    /** What the agents say that find a majority of disks gone, and the one edit that goes on without them. */
    private Optional<String> dataLoss() {
        Map<String, String> losses = seen.dataLoss();
        if (losses.isEmpty()) {
            return Optional.empty();
        }
        int next = facts.cluster().getSpec().consensus().recoveryGeneration() + 1;
        String said = losses.values().iterator().next();
        return Optional.of(names(List.copyOf(losses.keySet())) + ": " + sentence(said)
                + " Bring the old disks back if they exist; else raise spec.consensus.recoveryGeneration to " + next
                + ", which founds an empty group.");
    }

    private Optional<String> fallenEpoch() {
        ConsensusStatus known = facts.cluster().knownStatus().consensus();
        long highest = known == null || known.epoch() == null ? 0 : known.epoch();
        return seen.leadership()
                .filter(leadership -> leadership.leader().isPresent() && leadership.epoch() < highest)
                .map(leadership -> leadership.leader().orElseThrow() + " leads under epoch " + leadership.epoch()
                        + ", though " + highest
                        + " was seen: all agents have forgotten their epochs. Receivers that check epochs refuse it until it has passed "
                        + highest + ".");
    }

    /** Which agents refused which configuration and why. An agent says so only until it has taken another one. */
    private Optional<String> refusals() {
        Map<Refusal, List<String>> byRefusal = seen.reports().stream()
                .filter(report -> report.refused().isPresent())
                .collect(Collectors.groupingBy(
                        report -> report.refused().orElseThrow(),
                        java.util.LinkedHashMap::new,
                        Collectors.mapping(AgentReport::nodeId, Collectors.toList())));
        if (byRefusal.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(byRefusal.entrySet().stream()
                .map(entry -> names(entry.getValue()) + " refused configuration "
                        + generation(entry.getKey()) + ": "
                        + sentence(String.join("; ", entry.getKey().problems())))
                .collect(Collectors.joining(" ")));
    }

    private static String generation(Refusal refusal) {
        return refusal.generation().isPresent() ? "" + refusal.generation().getAsLong() : "without a number";
    }

    private List<String> inState(String state) {
        Map<String, String> states = seen.states();
        return seen.members().stream()
                .filter(member -> state.equals(states.get(member)))
                .toList();
    }

    private String reasonOfSilence(String member) {
        return seen.replies().get(member) instanceof io.ringrift.operator.observe.AgentReply.Silent silent
                ? silent.reason()
                : "";
    }

    private static String all(List<Reason> reasons) {
        return reasons.stream().map(Reason::sentence).collect(Collectors.joining(" "));
    }

    private static String names(List<String> names) {
        if (names.size() <= MOST_NAMES) {
            return String.join(", ", names);
        }
        return String.join(", ", names.subList(0, MOST_NAMES)) + " and " + (names.size() - MOST_NAMES) + " more";
    }

    private static String sentence(String words) {
        return words.endsWith(".") ? words : words + ".";
    }
}
