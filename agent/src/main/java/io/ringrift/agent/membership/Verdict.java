package io.ringrift.agent.membership;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What one failure detector holds of one member.
 *
 * @param since when that detector entered the state, in time since this process started
 * @param configured named by this node's configuration: stays in the view also when it is gone
 * @param incarnation 0 until it was heard
 * @param accusers node ids that said so; empty for ALIVE and LEFT
 */
public record Verdict(
        String nodeId,
        MemberState state,
        Duration since,
        Member.Source source,
        boolean configured,
        Optional<Address> address,
        long incarnation,
        Optional<Member.Modes> modes,
        List<String> accusers,
        boolean udpUnreachable) {
    /** The member in this state. */
    public Member member() {
        return new Member(
                nodeId, state, address.map(Address::toString), incarnation, source, since, udpUnreachable, modes);
    }

    /** The same of a node that the configuration names, or does not. */
    public Verdict withConfigured(boolean named) {
        return new Verdict(nodeId, state, since, source, named, address, incarnation, modes, accusers, udpUnreachable);
    }

    /** The same of a member that answers over TCP alone, or not so. */
    public Verdict withUdpUnreachable(boolean unreachable) {
        return new Verdict(
                nodeId, state, since, source, configured, address, incarnation, modes, accusers, unreachable);
    }
}
