package io.ringrift.agent.rest;

import io.ringrift.agent.config.AgentConfig.Network;
import java.util.List;
import java.util.stream.Stream;

/**
 * One address to listen on.
 *
 * @param host a literal address or a host name of this machine
 */
record Listener(String host, boolean tls) {

    /**
     * Without TLS: the bind address, plain. With it: the address that peers use speaks TLS, loopback speaks plain HTTP, all on one port; so
     * the wildcard address cannot be bound, and the address that peers use must be an address of this machine.
     *
     * @param loopbacks the loopback addresses there are, for example 127.0.0.1 and ::1
     */
    static List<Listener> plan(Network network, String advertisedHost, boolean tls, List<String> loopbacks) {
        if (!tls) {
            return List.of(new Listener(network.bindAddress(), false));
        }
        boolean wildcard = List.of("0.0.0.0", "::", "").contains(network.bindAddress());
        String podAddress = wildcard ? advertisedHost : network.bindAddress();
        Stream<Listener> plain = loopbacks.stream().map(host -> new Listener(host, false));
        // Who binds to loopback alone is reached by nobody else: plain is all that is needed.
        return loopbacks.contains(podAddress)
                ? plain.toList()
                : Stream.concat(Stream.of(new Listener(podAddress, true)), plain)
                        .toList();
    }
}
