package io.ringrift.agent.consensus.bully;

import java.util.Optional;

/** What a node is made of, whichever part it takes. */
record Parts(
        Situation situation,
        Voter voter,
        Follower follower,
        Leader leader,
        Candidacy candidacy,
        RaftClaim raftClaim,
        Abstention abstention) {

    /** Gives up what this node leads or claims. @param successor who shall stand at once */
    void resign(Optional<String> successor) {
        leader.resign(successor);
        candidacy.withdraw();
        raftClaim.withdraw();
    }
}
