package io.ringrift.agent.runtime;

import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.swim.Endpoint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Turns hosts into literal addresses; name servers are asked off the event loops, and not at all for what is an address already. */
final class SeedLookup {
    private final WorkerExecutor worker;

    SeedLookup(Vertx vertx) {
        // The one that membership over HTTP looks names up on.
        worker = vertx.createSharedWorkerExecutor("ringrift-lookups", 1);
    }

    /** The endpoints behind the addresses; a name that is not known has none. Completed on the caller's context. */
    Future<List<Endpoint>> resolve(Collection<Address> addresses) {
        List<Endpoint> literals = new ArrayList<>();
        List<Address> names = new ArrayList<>();
        for (Address address : addresses) {
            try {
                literals.add(Endpoint.of(InetAddress.ofLiteral(address.host()), address.port()));
            } catch (IllegalArgumentException notLiteral) {
                names.add(address);
            }
        }
        return names.isEmpty()
                ? Future.succeededFuture(literals)
                : worker.executeBlocking(() -> withNames(literals, names), false);
    }

    private static List<Endpoint> withNames(List<Endpoint> literals, List<Address> names) {
        List<Endpoint> all = new ArrayList<>(literals);
        for (Address name : names) {
            try {
                Arrays.stream(InetAddress.getAllByName(name.host()))
                        .map(address -> Endpoint.of(address, name.port()))
                        .forEach(all::add);
            } catch (UnknownHostException unknown) {
                // Membership over HTTP says which peer has no address; here it is no seed until it has one.
                continue;
            }
        }
        return all.stream().distinct().toList();
    }
}
