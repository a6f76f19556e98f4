package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;

/**
 * What the user wants. What the user left out is filled with its default here, so that the rest of the operator never
 * meets a null but where a component says so.
 *
 * @param stage 0 to 4: where the cluster should be
 * @param replicas number of members, never null
 * @param template the workload's pod; null: the agent alone
 * @param workloadRef a workload that somebody else owns; null: the operator makes the StatefulSet
 * @param agent never null
 * @param membership never null
 * @param consensus never null
 * @param storage null: no volume, what the agents write does not outlive their pods
 * @param rollout never null
 * @param security never null
 * @param ports never null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(value = Rules.VOTERS_AT_MOST_REPLICAS, message = Rules.VOTERS_AT_MOST_REPLICAS_MESSAGE)
@ValidationRule(value = Rules.RAFT_NEEDS_VOTERS, message = Rules.RAFT_NEEDS_VOTERS_MESSAGE)
@ValidationRule(value = Rules.TEMPLATE_OR_REFERENCE, message = Rules.TEMPLATE_OR_REFERENCE_MESSAGE)
@ValidationRule(value = Rules.REFERENCE_WITHOUT_STORAGE, message = Rules.REFERENCE_WITHOUT_STORAGE_MESSAGE)
@ValidationRule(value = Rules.STORAGE_UNCHANGED, message = Rules.STORAGE_UNCHANGED_MESSAGE)
@ValidationRule(value = Rules.WORKLOAD_UNCHANGED, message = Rules.WORKLOAD_UNCHANGED_MESSAGE)
public record RingRiftClusterSpec(
        @JsonPropertyDescription(
                "Where the cluster should be. 0: HTTP polling and Bully; 1: SWIM with HTTP polling as fallback; 2: SWIM alone; 3: Raft with Bully as fallback; 4: SWIM and Raft alone. The operator walks there one stage at a time; down at once.")
        @Required
        @Min(0) @Max(4) Integer stage,

        @SpecReplicas
        @JsonPropertyDescription(
                "Number of members (pods), 1 to 1000. With workloadRef it means nothing: the members are the workload's pods.")
        @Min(1) @Max(1000) @Default("3")
        Integer replicas,

        @JsonPropertyDescription(
                "The workload's pod, as in a StatefulSet; the agent is added as a native sidecar. Unset: the pods hold the agent alone.")
        PodTemplateSpec template,

        @JsonPropertyDescription(
                "Instead of template: a workload in this namespace that somebody else owns and that gets the agent, once it carries the annotation ringrift.io/inject with this resource's name.")
        WorkloadRef workloadRef,

        @JsonPropertyDescription("The sidecar's image, resources and log level.")
        AgentSpec agent,

        @JsonPropertyDescription("How it is found out who is alive.")
        @ValidationRule(value = Rules.SWIM_TIMES, message = Rules.SWIM_TIMES_MESSAGE)
        @ValidationRule(value = Rules.HTTP_TIMES, message = Rules.HTTP_TIMES_MESSAGE)
        MembershipSpec membership,

        @JsonPropertyDescription("How a leader is agreed on.")
        @ValidationRule(value = Rules.VOTER_NAMES_COUNT, message = Rules.VOTER_NAMES_COUNT_MESSAGE)
        ConsensusSpec consensus,

        @JsonPropertyDescription(
                "A volume for each agent's Raft log. Unset: an emptyDir, and what Raft acknowledged is lost with the pods. Fixed at creation.")
        StorageSpec storage,

        @JsonPropertyDescription("How the cluster walks from stage to stage.")
        @ValidationRule(value = Rules.VERIFY_BEFORE_DEADLINE, message = Rules.VERIFY_BEFORE_DEADLINE_MESSAGE)
        RolloutSpec rollout,

        @JsonPropertyDescription("What protects the agents' traffic.")
        SecuritySpec security,

        @JsonPropertyDescription("The agents' ports. Fixed at creation.")
        @ValidationRule(value = Rules.PORTS_DIFFER, message = Rules.PORTS_DIFFER_MESSAGE)
        @ValidationRule(value = Rules.PORTS_UNCHANGED, message = Rules.PORTS_UNCHANGED_MESSAGE)
        PortsSpec ports) {
    public RingRiftClusterSpec {
        stage = stage == null ? 0 : stage;
        replicas = replicas == null ? 3 : replicas;
        agent = agent == null ? new AgentSpec(null, null, null) : agent;
        membership = membership == null ? MembershipSpec.UNSET : membership;
        consensus = consensus == null ? ConsensusSpec.UNSET : consensus;
        rollout = rollout == null ? RolloutSpec.UNSET : rollout;
        security = security == null ? SecuritySpec.UNSET : security;
        ports = ports == null ? PortsSpec.UNSET : ports;
    }

    /** The same with another number of members. */
    public RingRiftClusterSpec withReplicas(int members) {
        return new RingRiftClusterSpec(
                stage, members, template, workloadRef, agent, membership, consensus, storage, rollout, security, ports);
    }

    /**
     * The switches that agents get at that stage of this cluster: the stage's, unless the resource sets modes itself.
     *
     * @throws IllegalArgumentException if there is no such stage
     */
    public Modes modesAt(int atStage) {
        return Modes.ofStage(atStage).overriddenBy(membership, consensus);
    }
}
