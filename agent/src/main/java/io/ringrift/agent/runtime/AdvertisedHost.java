package io.ringrift.agent.runtime;

import io.ringrift.agent.config.AgentConfig;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.Optional;

/**
 * Under which host others reach this node: what is configured, else the address it binds to, else the first of this machine's
 * addresses that is not loopback (IPv4 first), else loopback.
 */
public record AdvertisedHost(String host) {

    /** Looks it up once; an address that appears later needs a restart, as a configured one does. */
    public static AdvertisedHost of(AgentConfig.Network network) {
        return new AdvertisedHost(
                network.advertiseHost().or(() -> bound(network.bindAddress())).orElseGet(AdvertisedHost::detected));
    }

    /** The configuration with this host filled in. */
    public AgentConfig in(AgentConfig config) {
        AgentConfig.Network network = config.network();
        return new AgentConfig(
                config.generation(),
                config.nodeId(),
                config.clusterName(),
                config.peers(),
                new AgentConfig.Network(
                        network.bindAddress(),
                        Optional.of(host),
                        network.httpPort(),
                        network.swimPort(),
                        network.raftPort()),
                config.membershipMode(),
                config.swim(),
                config.http(),
                config.consensusMode(),
                config.bully(),
                config.raft(),
                config.dataDir(),
                config.security(),
                config.logging());
    }

    private static Optional<String> bound(String address) {
        boolean any = address.equals("0.0.0.0") || address.equals("::") || address.equals("0:0:0:0:0:0:0:0");
        return any ? Optional.empty() : Optional.of(address);
    }

    private static String detected() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(AdvertisedHost::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .min(Comparator.comparing(address -> !(address instanceof Inet4Address)))
                    .map(InetAddress::getHostAddress)
                    .orElse("127.0.0.1");
        } catch (SocketException e) {
            return "127.0.0.1";
        }
    }

    private static boolean isUp(NetworkInterface candidate) {
        try {
            return candidate.isUp();
        } catch (SocketException e) {
            return false;
        }
    }
}
