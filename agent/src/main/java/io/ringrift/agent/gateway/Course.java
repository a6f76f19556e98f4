package io.ringrift.agent.gateway;

import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.Member;
import java.util.Optional;

/** Where a request on the replicated state goes now. */
sealed interface Course {
    /** This node leads by Raft and may act. */
    record Here() implements Course {}

    /** Another node leads. */
    record There(Address to) implements Course {}

    /** Nobody does at the moment. @param why a sentence */
    record Nowhere(String why) implements Course {}

    /** There is no Raft to ask, by configuration. @param why a sentence */
    record Off(String why) implements Course {}

    /** @param acts this node may act as Raft's leader at this moment */
    static Course of(AgentView view, boolean acts) {
        if (!view.raft().enabled()) {
            return new Off("Replicated state needs Raft, which is off (RINGRIFT_RAFT_ENABLED).");
        }
        if (view.config().consensusMode() == ConsensusMode.BULLY) {
            return new Off("Raft runs in shadow and decides nothing (RINGRIFT_CONSENSUS_MODE is bully).");
        }
        if (acts) {
            return new Here();
        }
        Optional<String> other = leader(view).filter(nodeId -> !nodeId.equals(view.nodeId()));
        return other.flatMap(nodeId -> address(view, nodeId))
                .<Course>map(There::new)
                .orElseGet(() -> new Nowhere(view.raft().message().orElse("no leader that may act is known")));
    }

    /** A voter hears from Raft itself who leads, sooner than others are told. */
    private static Optional<String> leader(AgentView view) {
        return view.raft()
                .peer()
                .flatMap(AgentView.RaftPeer::leader)
                .or(() -> view.leadership()
                        .source()
                        .filter(Leadership.Source.RAFT::equals)
                        .flatMap(raft -> view.leadership().leader()));
    }

    /** Where a node's REST API is. */
    static Optional<Address> address(AgentView view, String nodeId) {
        for (Member member : view.members()) {
            if (member.nodeId().equals(nodeId)) {
                return member.address().map(Address::of);
            }
        }
        return Optional.empty();
    }
}
