package io.ringrift.agent.raft;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.util.Timestamp;

/** What this peer, as leader, knows of its followers. Thread-safe. */
final class Followers {
    private static final long NEVER_NANOS = Duration.ofDays(1).toNanos();

    private final Map<RaftPeerId, Follower> latest = new ConcurrentHashMap<>();

    /** @param followed when that was sent what it answered last as one who follows; empty: it never did */
    private record Follower(FollowerInfo info, Optional<Timestamp> followed) {}

    /** A leader begins to send entries to a follower; what an earlier term knew of it is void. */
    void appendingTo(FollowerInfo follower) {
        latest.put(follower.getId(), new Follower(follower, Optional.empty()));
    }

    /**
     * It has answered, and follows. Ratis also notes the time of what is refused, by one that follows another leader by then: a leader that was
     * paused held its lease for valid again, until it understood the answer.
     */
    void followedBy(FollowerInfo follower) {
        Timestamp sent = follower.getLastRespondedAppendEntriesSendTime();
        latest.computeIfPresent(
                follower.getId(),
                (same, known) -> known.info == follower ? new Follower(follower, Optional.of(sent)) : known);
    }

    Optional<FollowerInfo> of(RaftPeerId peer) {
        return Optional.ofNullable(latest.get(peer)).map(Follower::info);
    }

    /**
     * How long ago that was sent what a majority of {@code voters}, {@code self} among them, has answered as ones who follow. Asked for with every
     * request.
     */
    Duration majoritySilence(RaftPeerId self, Collection<RaftPeer> voters) {
        long[] silences = new long[voters.size()];
        int count = 0;
        for (RaftPeer voter : voters) {
            silences[count++] = voter.getId().equals(self) ? 0 : silenceNanos(voter.getId());
        }
        Arrays.sort(silences);
        return Duration.ofNanos(silences[silences.length / 2]);
    }

    /** How long ago that was sent what {@code peer} answered last as one who follows; a day where it never did. */
    Duration silence(RaftPeerId peer) {
        return Duration.ofNanos(silenceNanos(peer));
    }

    private long silenceNanos(RaftPeerId peer) {
        Follower follower = latest.get(peer);
        return follower == null
                ? NEVER_NANOS
                : follower.followed
                        .map(sent -> sent.elapsedTime().toLong(TimeUnit.NANOSECONDS))
                        .orElse(NEVER_NANOS);
    }
}
