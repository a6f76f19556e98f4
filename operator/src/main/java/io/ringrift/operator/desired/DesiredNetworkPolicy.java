package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.ringrift.operator.api.PortsSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Who reaches the agents' ports: gossip and Raft are for members, HTTP is for pods of the same Kubernetes cluster (reads
 * and metrics are open there; changes need the credential).
 *
 * <p>A policy that selects a pod closes all its ports, the workload's too, and those are none of our business. So
 * everything around our three ports is opened again, as ranges, to everybody. Outgoing traffic is left alone.
 */
final class DesiredNetworkPolicy {

    private static final int FIRST_PORT = 1;
    private static final int LAST_PORT = 65_535;

    private DesiredNetworkPolicy() {}

    static NetworkPolicy of(ClusterModel model) {
        PortsSpec ports = model.spec().ports();
        return new NetworkPolicyBuilder()
                .withMetadata(model.metadata(model.name()))
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(model.selector())
                .endPodSelector()
                .withPolicyTypes("Ingress")
                .withIngress(workload(ports), http(ports), members(model))
                .endSpec()
                .build();
    }

    private static NetworkPolicyIngressRule workload(PortsSpec ports) {
        var open = new ArrayList<NetworkPolicyPort>();
        open.addAll(allBut("TCP", ports.http(), ports.raft()));
        open.addAll(allBut("UDP", ports.swim()));
        open.addAll(allBut("SCTP"));
        return new NetworkPolicyIngressRuleBuilder().withPorts(open).build();
    }

    private static NetworkPolicyIngressRule http(PortsSpec ports) {
        return new NetworkPolicyIngressRuleBuilder()
                .withPorts(port("TCP", ports.http()))
                .addNewFrom()
                .withNewNamespaceSelector()
                .endNamespaceSelector()
                .endFrom()
                .build();
    }

    private static NetworkPolicyIngressRule members(ClusterModel model) {
        PortsSpec ports = model.spec().ports();
        return new NetworkPolicyIngressRuleBuilder()
                .withPorts(port("UDP", ports.swim()), port("TCP", ports.raft()))
                .addNewFrom()
                .withNewPodSelector()
                .withMatchLabels(model.selector())
                .endPodSelector()
                .endFrom()
                .build();
    }

    /** The ranges that are left of all ports when those are taken out. */
    private static List<NetworkPolicyPort> allBut(String protocol, int... taken) {
        var ranges = new ArrayList<NetworkPolicyPort>();
        int next = FIRST_PORT;
        for (int port : IntStream.of(taken).sorted().toArray()) {
            if (next < port) {
                ranges.add(range(protocol, next, port - 1));
            }
            next = port + 1;
        }
        if (next <= LAST_PORT) {
            ranges.add(range(protocol, next, LAST_PORT));
        }
        return ranges;
    }

    private static NetworkPolicyPort range(String protocol, int first, int last) {
        return new NetworkPolicyPortBuilder()
                .withProtocol(protocol)
                .withPort(new IntOrString(first))
                .withEndPort(last)
                .build();
    }

    private static NetworkPolicyPort port(String protocol, int number) {
        return new NetworkPolicyPortBuilder()
                .withProtocol(protocol)
                .withPort(new IntOrString(number))
                .build();
    }
}
