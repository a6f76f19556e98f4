package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.ringrift.operator.api.ConsensusMode;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.api.RingRiftClusterSpec;
import io.ringrift.operator.api.RingRiftClusterStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One cluster as the builders see it: complete, and independent of the object it was read from.
 *
 * @param namespace where it lives
 * @param name a DNS label
 * @param uid the resource's, so that what is made for it goes with it and never with a namesake made later
 * @param apiVersion of the resource, for owner references
 * @param spec what the user wants, defaults filled in
 * @param members node ids, which are pod names, in the order of their ordinals; at least one
 * @param voters node ids that vote in Raft
 * @param agentImage the image that the agents run
 */
public record ClusterModel(
        String namespace,
        String name,
        String uid,
        String apiVersion,
        RingRiftClusterSpec spec,
        List<String> members,
        List<String> voters,
        String agentImage) {

    /** @throws NullPointerException when a component is null */
    public ClusterModel {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(uid, "uid");
        Objects.requireNonNull(apiVersion, "apiVersion");
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(agentImage, "agentImage");
        members = List.copyOf(members);
        voters = List.copyOf(voters);
    }

    /**
     * The model of a resource that {@link SpecValidator} finds no fault with.
     *
     * <p>The agents' image is the one that the resource names, else the one recorded in its status, else the operator's
     * own. The reconciler records the answer before it applies anything: that is why an upgrade of the operator alone
     * restarts no pod.
     *
     * @param cluster as read from the API server
     * @param defaultAgentImage the image that this operator brings
     */
    public static ClusterModel of(RingRiftCluster cluster, String defaultAgentImage) {
        ObjectMeta metadata = cluster.getMetadata();
        return new ClusterModel(
                metadata.getNamespace(),
                metadata.getName(),
                metadata.getUid(),
                cluster.getApiVersion(),
                cluster.getSpec(),
                cluster.memberNames(),
                cluster.voterNames(),
                image(cluster, defaultAgentImage));
    }

    /** The agent's image in a workload that was made for a cluster; empty if there is no agent in it. */
    public static Optional<String> agentImageIn(StatefulSet workload) {
        PodSpec pod = workload.getSpec().getTemplate().getSpec();
        return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                .filter(container -> AgentContainer.NAME.equals(container.getName()))
                .map(Container::getImage)
                .findFirst();
    }

    private static String image(RingRiftCluster cluster, String defaultAgentImage) {
        String wanted = cluster.getSpec().agent().image();
        if (wanted != null) {
            return wanted;
        }
        RingRiftClusterStatus status = cluster.getStatus();
        return status == null || status.agentImage() == null ? defaultAgentImage : status.agentImage();
    }

    /** The cluster's name on the wire: unique in the Kubernetes cluster. */
    public String qualifiedName() {
        return namespace + "/" + name;
    }

    /** The headless Service that gives every member its DNS name. */
    public String peersService() {
        return name + "-peers";
    }

    /** The Service that leads to the leader. */
    public String leaderService() {
        return name + "-leader";
    }

    /** The ConfigMap with everything that may change while pods run. */
    public String runtimeConfigMap() {
        return name + "-runtime";
    }

    /** The Secret with the bearer token. */
    public String credentialSecret() {
        return name + "-credential";
    }

    /** The Secret with the gossip keyring. */
    public String gossipSecret() {
        return name + "-gossip";
    }

    /** The Secret with the certificate that agents serve with. */
    public String tlsSecret() {
        return name + "-tls";
    }

    /** The Secret with the certificate authority; no pod mounts it. */
    public String authoritySecret() {
        return name + "-ca";
    }

    /** The member's name in DNS; it resolves whether or not the pod is ready. */
    public String host(String member) {
        return member + "." + peersService() + "." + namespace + ".svc";
    }

    /** Whom agents ask for their peers: each member by name, or where its pods have no names of ours all of them by one. */
    public String peers() {
        if (spec.workloadRef() != null) {
            return peersService() + "." + namespace + ".svc";
        }
        return members.stream().map(member -> member + "=" + host(member)).collect(Collectors.joining(","));
    }

    /** Whose majority makes a leader at that stage: with Bully alone all members, else Raft's voters. */
    public List<String> electors(int stage) {
        return spec.modesAt(stage).consensus() == ConsensusMode.BULLY ? members : voters;
    }

    /** What the cluster's pods are found by; nothing else carries this label. */
    Map<String, String> selector() {
        return Map.of(Labels.CLUSTER, name);
    }

    /** Name, namespace, labels and owner of an object that is made for this cluster. */
    ObjectMeta metadata(String objectName) {
        return new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(objectName)
                .withLabels(Labels.of(name))
                .withOwnerReferences(owner())
                .build();
    }

    private OwnerReference owner() {
        return new OwnerReferenceBuilder()
                .withApiVersion(apiVersion)
                .withKind("RingRiftCluster")
                .withName(name)
                .withUid(uid)
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }
}
