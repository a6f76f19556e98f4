package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.ringrift.operator.api.PortsSpec;
import java.util.List;
import java.util.TreeMap;

/**
 * The ways to a cluster: any ready member, each member by name, and the leader.
 *
 * <p>Target ports are numbers. A name would be looked up among the containers of the workload first, which may well have a
 * port called http too.
 */
final class DesiredServices {

    private DesiredServices() {}

    static List<Service> of(ClusterModel model) {
        return List.of(any(model), peers(model), leader(model));
    }

    private static Service any(ClusterModel model) {
        return new ServiceBuilder()
                .withMetadata(model.metadata(model.name()))
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(model.selector())
                .withPorts(http(model.spec().ports()))
                .endSpec()
                .build();
    }

    /** Names resolve before pods are ready: members must find each other in order to become ready. */
    private static Service peers(ClusterModel model) {
        PortsSpec ports = model.spec().ports();
        return new ServiceBuilder()
                .withMetadata(model.metadata(model.peersService()))
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(model.selector())
                .withPorts(http(ports), port("swim", "UDP", ports.swim()), port("raft", "TCP", ports.raft()))
                .endSpec()
                .build();
    }

    private static Service leader(ClusterModel model) {
        var selector = new TreeMap<>(model.selector());
        selector.put(Labels.ROLE, Labels.ROLE_LEADER);
        return new ServiceBuilder()
                .withMetadata(model.metadata(model.leaderService()))
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(selector)
                .withPorts(http(model.spec().ports()))
                .endSpec()
                .build();
    }

    private static ServicePort http(PortsSpec ports) {
        return port("http", "TCP", ports.http());
    }

    private static ServicePort port(String name, String protocol, int number) {
        return new ServicePortBuilder()
                .withName(name)
                .withProtocol(protocol)
                .withPort(number)
                .withTargetPort(new IntOrString(number))
                .build();
    }
}
