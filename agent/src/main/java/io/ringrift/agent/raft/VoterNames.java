package io.ringrift.agent.raft;

import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.membership.Address;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.thirdparty.io.grpc.EquivalentAddressGroup;
import org.apache.ratis.thirdparty.io.grpc.NameResolver;
import org.apache.ratis.thirdparty.io.grpc.NameResolverProvider;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusOr;

/**
 * Names of the form {@code ringrift:///node.storage}: where a peer is follows membership, at once, instead of three caches of DNS.
 * Thread-safe.
 */
final class VoterNames extends NameResolverProvider {
    private static final String SCHEME = "ringrift";
    private static final int PRIORITY = 5;

    private final Set<Resolver> resolvers = ConcurrentHashMap.newKeySet();
    private volatile Map<PeerId, Address> addresses = Map.of();

    /** The name of a peer, which stays the same wherever the peer is. */
    static String of(PeerId peer) {
        return SCHEME + ":///" + peer;
    }

    /**
     * Takes where peers are; connections to those that moved are made anew at once. One that nobody says to be any more keeps its last address: who
     * answers there refuses what is meant for another peer ({@link OnlyThisPeer}), and gRPC must not be told that the name has become unknown. It then
     * drops a connection that it is making, and takes that one for the one to use all the same if it comes about within five seconds: everything
     * that is sent from then on waits for ever, so a leader is elected again and again and never heard by that follower.
     */
    void update(Map<PeerId, Address> byPeer) {
        Map<PeerId, Address> before = addresses;
        addresses = Map.copyOf(byPeer);
        resolvers.stream()
                .filter(resolver -> !java.util.Objects.equals(before.get(resolver.peer), byPeer.get(resolver.peer)))
                .forEach(Resolver::tell);
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return PRIORITY;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
        if (!SCHEME.equals(target.getScheme())) {
            return null;
        }
        return PeerId.parse(target.getPath().substring(1)).map(Resolver::new).orElse(null);
    }

    private final class Resolver extends NameResolver {
        private final PeerId peer;
        private volatile Listener2 listener;
        private volatile boolean known;

        private Resolver(PeerId peer) {
            this.peer = peer;
        }

        @Override
        public String getServiceAuthority() {
            return peer.nodeId();
        }

        @Override
        public void start(Listener2 told) {
            listener = told;
            resolvers.add(this);
            tell();
        }

        @Override
        public void refresh() {
            tell();
        }

        @Override
        public void shutdown() {
            resolvers.remove(this);
        }

        private void tell() {
            Address address = addresses.get(peer);
            if (address != null) {
                known = true;
                var group = new EquivalentAddressGroup(new InetSocketAddress(address.host(), address.port()));
                listener.onResult(ResolutionResult.newBuilder()
                        .setAddressesOrError(StatusOr.fromValue(List.of(group)))
                        .build());
            } else if (!known) {
                listener.onError(Status.UNAVAILABLE.withDescription("nobody says to be " + peer));
            }
        }
    }
}
