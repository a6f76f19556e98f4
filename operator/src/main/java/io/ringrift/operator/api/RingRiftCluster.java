package io.ringrift.operator.api;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A cluster of workers that know who is alive and agree on a leader. */
@Group(RingRiftCluster.GROUP)
@Version("v1alpha1")
@Kind("RingRiftCluster")
@Plural("ringriftclusters")
@ShortNames("rrc")
@Categories("all")
@ValidationRule(value = Rules.NAME, message = Rules.NAME_MESSAGE)
@ValidationRule(value = Rules.VOTERS_ARE_MEMBERS, message = Rules.VOTERS_ARE_MEMBERS_MESSAGE)
public class RingRiftCluster extends CustomResource<RingRiftClusterSpec, RingRiftClusterStatus> implements Namespaced {
    /** The API group, and the prefix of every label and annotation of ours. */
    public static final String GROUP = "ringrift.io";

    /** How long a resource's name may be: a StatefulSet's pods carry it, an ordinal and a hash in labels of 63 characters. */
    public static final int MAX_NAME_LENGTH = 48;

    @Required
    @Override
    public RingRiftClusterSpec getSpec() {
        return super.getSpec();
    }

    @JsonDeserialize(using = LenientSpec.class)
    @Override
    public void setSpec(RingRiftClusterSpec spec) {
        super.setSpec(spec);
    }

    @JsonDeserialize(using = LenientStatus.class)
    @Override
    public void setStatus(RingRiftClusterStatus status) {
        super.setStatus(status);
    }

    /** The status, or what stands for none: never null. */
    public RingRiftClusterStatus knownStatus() {
        return getStatus() == null ? RingRiftClusterStatus.UNKNOWN : getStatus();
    }

    /** The StatefulSet whose pods are the members: the one that is made for the resource, or the one that it refers to. */
    public String workloadName() {
        WorkloadRef reference = getSpec().workloadRef();
        return reference == null ? getMetadata().getName() : reference.name();
    }

    /** The name of the member with that ordinal, which is its pod's name and its agent's node id. */
    public String memberName(int ordinal) {
        return workloadName() + "-" + ordinal;
    }

    /**
     * All members in the order of their ordinals. Where the cluster is made smaller, a voter of a running Raft group is a member until
     * the group has let it go: else its majority could go with the pods.
     */
    public List<String> memberNames() {
        int count = Math.max(getSpec().replicas(), raftRuns() ? 1 + highestVoter() : 0);
        return IntStream.range(0, count).mapToObj(this::memberName).toList();
    }

    private boolean raftRuns() {
        RolloutStatus rollout = knownStatus().rollout();
        return rollout != null
                && getSpec().workloadRef() == null
                && Stream.of(knownStatus().stage(), rollout.from(), rollout.to())
                        .anyMatch(stage ->
                                stage != null && getSpec().modesAt(stage).raftEnabled());
    }

    /** The highest ordinal among the voters that the agents were told; -1 for none. */
    private int highestVoter() {
        RolloutStatus rollout = knownStatus().rollout();
        return Stream.concat(rollout.voters().stream(), rollout.nextVoters().stream())
                .filter(voter -> voter.matches(".*-[0-9]{1,4}"))
                .mapToInt(voter -> Integer.parseInt(voter.substring(voter.lastIndexOf('-') + 1)))
                .max()
                .orElse(-1);
    }

    /** Who votes in Raft: the names that the resource gives, else the members with the lowest ordinals. */
    public List<String> voterNames() {
        ConsensusSpec consensus = getSpec().consensus();
        if (!consensus.voterNames().isEmpty()) {
            return consensus.voterNames();
        }
        int replicas = getSpec().replicas();
        int count = consensus.voters() == null ? (replicas < 3 ? 1 : 3) : Math.min(consensus.voters(), replicas);
        return IntStream.range(0, count).mapToObj(this::memberName).toList();
    }

    @Override
    protected RingRiftClusterSpec initSpec() {
        return null;
    }

    @Override
    protected RingRiftClusterStatus initStatus() {
        return null;
    }
}
