package io.ringrift.agent.consensus.raft;

import java.util.List;
import java.util.Optional;

/**
 * What every message tells of its sender's part in the Raft group.
 *
 * @param peer the sender's own peer; empty where it is no voter or cannot use its disk
 * @param incarnation of the newest group that the sender knows to have been founded; 0 for none
 * @param founders that group's first voters, where the sender knows them
 * @param holds the sender's disk holds that group's log
 * @param lost the sender holds the log and found a majority of the group's disks gone
 */
public record VoterStatus(Optional<PeerId> peer, long incarnation, List<PeerId> founders, boolean holds, boolean lost) {
    /** Nothing is known of any group. */
    public static final VoterStatus NONE = new VoterStatus(Optional.empty(), 0, List.of(), false, false);

    public VoterStatus {
        founders = List.copyOf(founders);
    }
}
