package io.ringrift.operator.pki;

import java.util.List;

/**
 * The names under which the agents of one cluster are reached: the subject alternative names of their certificate.
 *
 * @param dnsNames at least one
 */
public record HostNames(List<String> dnsNames) {

    /** @throws IllegalArgumentException without any name: such a certificate fits nothing */
    public HostNames {
        dnsNames = List.copyOf(dnsNames);
        if (dnsNames.isEmpty()) {
            throw new IllegalArgumentException("a certificate needs at least one name");
        }
    }

    /** Every name that a Service of the cluster or one of its pods answers to. */
    static HostNames of(String namespace, String name) {
        String peers = name + "-peers." + namespace + ".svc";
        String service = name + "." + namespace + ".svc";
        String leader = name + "-leader." + namespace + ".svc";
        return new HostNames(List.of(
                "*." + peers,
                "*." + peers + ".cluster.local",
                name,
                name + "." + namespace,
                service,
                service + ".cluster.local",
                name + "-leader",
                name + "-leader." + namespace,
                leader,
                leader + ".cluster.local",
                "localhost"));
    }
}
