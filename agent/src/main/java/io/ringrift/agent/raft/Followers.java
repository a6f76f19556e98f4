package io.ringrift.agent.raft;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.leader.FollowerInfo;

/** What this peer, as leader, knows of its followers. Thread-safe. */
final class Followers {
    private final Map<RaftPeerId, FollowerInfo> latest = new ConcurrentHashMap<>();

    /** A leader begins to send entries to a follower; what an earlier term knew of it is void. */
    void appendingTo(FollowerInfo follower) {
        latest.put(follower.getId(), follower);
    }

    Optional<FollowerInfo> of(RaftPeerId peer) {
        return Optional.ofNullable(latest.get(peer));
    }

    /** How long ago that was sent what a majority of {@code voters}, {@code self} among them, has answered. */
    Duration majoritySilence(RaftPeerId self, Collection<RaftPeer> voters) {
        long[] silences =
                voters.stream().mapToLong(voter -> silence(self, voter.getId())).toArray();
        Arrays.sort(silences);
        return Duration.ofNanos(silences[silences.length / 2]);
    }

    /** How long ago that was sent what {@code peer} answered last; a day where it never did. */
    Duration silence(RaftPeerId peer) {
        return of(peer).map(follower ->
                        follower.getLastRespondedAppendEntriesSendTime().elapsedTime())
                .map(elapsed ->
                        Duration.of(elapsed.getDuration(), elapsed.getUnit().toChronoUnit()))
                .orElse(Duration.ofDays(1));
    }

    private long silence(RaftPeerId self, RaftPeerId peer) {
        return peer.equals(self) ? 0 : silence(peer).toNanos();
    }
}
