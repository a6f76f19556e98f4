package io.ringrift.agent.runtime;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.membership.Member;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The literal addresses of configured peers and known members: from these, messages are taken where no credential is configured.
 * Names are looked up in the background, so the first message of a peer that moved may be refused; it is sent again.
 */
public final class KnownPeers {
    private static final Duration REFRESH = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Supplier<AgentView> view;
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private volatile Set<String> addresses = Set.of();
    private volatile Duration refreshed = Duration.ZERO.minus(REFRESH);

    public KnownPeers(Vertx vertx, Supplier<AgentView> view) {
        this.vertx = vertx;
        this.view = view;
    }

    /** Whether a message may come from there. From any thread; never blocks. */
    public boolean contains(String literalAddress) {
        if (addresses.contains(literalAddress)) {
            return true;
        }
        AgentView now = view.get();
        boolean due = now.now().minus(refreshed).compareTo(REFRESH) >= 0;
        if (due && refreshing.compareAndSet(false, true)) {
            vertx.executeBlocking(() -> resolve(now), false).onComplete(resolved -> {
                if (resolved.succeeded()) {
                    addresses = resolved.result();
                }
                refreshed = now.now();
                refreshing.set(false);
            });
        }
        return false;
    }

    private static Set<String> resolve(AgentView view) {
        Stream<String> configured = view.config().peers().stream().map(AgentConfig.Peer::host);
        Stream<String> heard = view.members().stream()
                .map(Member::address)
                .flatMap(address -> address.stream())
                .map(KnownPeers::host);
        return Stream.concat(configured, heard)
                .distinct()
                .flatMap(KnownPeers::literal)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String host(String address) {
        String host = address.substring(0, Math.max(0, address.lastIndexOf(':')));
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static Stream<String> literal(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).map(InetAddress::getHostAddress);
        } catch (UnknownHostException e) {
            return Stream.of();
        }
    }
}
