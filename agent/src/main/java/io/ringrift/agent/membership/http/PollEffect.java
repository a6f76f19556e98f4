package io.ringrift.agent.membership.http;

import io.ringrift.agent.membership.Address;
import java.time.Duration;
import java.util.Optional;

/** What HTTP polling wants done. */
public sealed interface PollEffect {
    /**
     * Poll whoever is there.
     *
     * @param nodeId who is expected; empty where only the address is known
     * @param timeout after which the answer counts as missing; shorter than the poll interval
     */
    record Ask(Optional<String> nodeId, Address address, Duration timeout) implements PollEffect {}

    /** Look up the addresses of a host name. */
    record Resolve(String host) implements PollEffect {}
}
