package io.ringrift.agent.membership;

import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import java.util.OptionalLong;

/** Signs of life for tests. */
public final class Sightings {
    private Sightings() {}

    public static Sighting of(String nodeId, long instanceId, long incarnation, String host) {
        return new Sighting(
                new Identity(nodeId, instanceId, incarnation),
                new Address(host, 8770),
                new Ports(8770, 7947, 4321),
                new Member.Modes(MembershipMode.HTTP, ConsensusMode.BULLY, OptionalLong.empty()));
    }
}
