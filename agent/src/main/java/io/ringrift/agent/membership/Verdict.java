package io.ringrift.agent.membership;

import java.util.List;
import java.util.Optional;

/**
 * What one failure detector holds of one member.
 *
 * @param configured named by this node's configuration: stays in the view also when it is gone
 * @param incarnation 0 until it was heard
 * @param accusers node ids that said so; empty for ALIVE and LEFT
 */
public record Verdict(
        String nodeId,
        MemberState state,
        Member.Source source,
        boolean configured,
        Optional<Address> address,
        long incarnation,
        Optional<Member.Modes> modes,
        List<String> accusers,
        boolean udpUnreachable) {}
