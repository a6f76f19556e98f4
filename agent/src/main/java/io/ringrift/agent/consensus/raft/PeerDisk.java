package io.ringrift.agent.consensus.raft;

import java.util.List;

/**
 * What this node's disk remembers of Raft.
 *
 * @param self the peer that this disk makes the node
 * @param incarnation of the group whose log it holds; 0 for none
 * @param founders that group's first voters, where they are known
 */
public record PeerDisk(PeerId self, long incarnation, List<PeerId> founders) {
    public PeerDisk {
        founders = List.copyOf(founders);
    }
}
