package io.ringrift.agent.membership.http;

import io.ringrift.agent.config.AgentConfig.Peer;
import io.ringrift.agent.membership.Address;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Addresses without a node id: what DNS gives for the hosts that are configured as places where peers may be found. An address
 * is polled until it is known who answers there, and again when that member is gone.
 */
final class Seeds {
    static final Duration RESOLVE_ISOLATED = Duration.ofSeconds(15);
    static final Duration RESOLVE = Duration.ofSeconds(60);
    private static final int MAX_ADDRESSES = 4_096;

    private final Map<String, Host> hosts = new LinkedHashMap<>();

    private static final class Host {
        private int port;
        private boolean resolved;
        private Duration nextResolve;
        private final Map<Address, Seed> seeds = new LinkedHashMap<>();
    }

    private static final class Seed {
        private Optional<String> nodeId = Optional.empty();
        private Duration nextPoll;

        private Seed(Duration nextPoll) {
            this.nextPoll = nextPoll;
        }
    }

    void configure(List<Peer.Discovered> discovered, int defaultPort, Duration now) {
        Map<String, Integer> wanted = new HashMap<>();
        discovered.forEach(peer -> wanted.put(peer.host(), peer.port().orElse(defaultPort)));
        hosts.keySet().retainAll(wanted.keySet());
        wanted.forEach((name, port) -> {
            Host host = hosts.computeIfAbsent(name, n -> new Host());
            if (host.nextResolve == null || host.port != port) {
                host.port = port;
                host.nextResolve = now;
                host.seeds.clear();
            }
        });
    }

    /** Takes a look-up's result; an empty one keeps what was known, because DNS that fails says nothing about peers. */
    void resolved(String name, Collection<String> addresses, Duration now) {
        Host host = hosts.get(name);
        if (host == null || addresses.isEmpty()) {
            return;
        }
        host.resolved = true;
        List<Address> found = addresses.stream()
                .limit(MAX_ADDRESSES)
                .map(address -> new Address(address, host.port))
                .toList();
        host.seeds.keySet().retainAll(found);
        found.forEach(address -> host.seeds.computeIfAbsent(address, a -> new Seed(now)));
    }

    void answered(Address address, String nodeId) {
        hosts.values().forEach(host -> {
            Seed seed = host.seeds.get(address);
            if (seed != null) {
                seed.nodeId = Optional.of(nodeId);
            }
        });
    }

    /** Hosts to look up now. */
    List<String> dueHosts(Duration now, boolean isolated) {
        Duration pause = isolated ? RESOLVE_ISOLATED : RESOLVE;
        return hosts.entrySet().stream()
                .filter(entry -> entry.getValue().nextResolve.compareTo(now) <= 0)
                .map(entry -> {
                    entry.getValue().nextResolve = now.plus(pause);
                    return entry.getKey();
                })
                .toList();
    }

    /** Addresses to poll now: nobody who still lives has answered there. */
    List<Address> dueAddresses(Duration now, Duration interval, Predicate<String> lives) {
        return hosts.values().stream()
                .flatMap(host -> host.seeds.entrySet().stream())
                .filter(entry -> entry.getValue().nextPoll.compareTo(now) <= 0)
                .peek(entry -> entry.getValue().nextPoll = now.plus(interval))
                .filter(entry -> entry.getValue().nodeId.filter(lives).isEmpty())
                .map(Map.Entry::getKey)
                .distinct()
                .toList();
    }

    Optional<Duration> nextDeadline() {
        Optional<Duration> next = Optional.empty();
        for (Host host : hosts.values()) {
            next = earlier(next, host.nextResolve);
            for (Seed seed : host.seeds.values()) {
                next = earlier(next, seed.nextPoll);
            }
        }
        return next;
    }

    /** How many addresses stand for a node whose id is not known. */
    int unknown() {
        return (int) hosts.values().stream()
                .flatMap(host -> host.seeds.entrySet().stream())
                .filter(entry -> entry.getValue().nodeId.isEmpty())
                .map(Map.Entry::getKey)
                .distinct()
                .count();
    }

    boolean isEmpty() {
        return hosts.isEmpty();
    }

    /** Whether every host was looked up with success at least once. */
    boolean complete() {
        return hosts.values().stream().allMatch(host -> host.resolved);
    }

    /** Whether everything that was found is this node itself. */
    boolean onlySelf(String self) {
        return complete()
                && hosts.values().stream()
                        .flatMap(host -> host.seeds.values().stream())
                        .allMatch(seed -> seed.nodeId.filter(self::equals).isPresent());
    }

    private static Optional<Duration> earlier(Optional<Duration> a, Duration b) {
        return Optional.of(a.filter(other -> other.compareTo(b) <= 0).orElse(b));
    }
}
