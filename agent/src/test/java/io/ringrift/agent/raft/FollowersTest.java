package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.util.Timestamp;
import org.junit.jupiter.api.Test;

/** What keeps a lease: {@code bench/run history} found a leader that was paused for five seconds and led on for a moment when it woke. */
class FollowersTest {
    private static final RaftPeerId SELF = RaftPeerId.valueOf("a");
    private static final RaftPeerId OTHER = RaftPeerId.valueOf("b");
    private static final List<RaftPeer> VOTERS = List.of(peer("a"), peer("b"), peer("c"));
    private static final Duration DAY = Duration.ofDays(1);

    private final Followers followers = new Followers();
    private final LeaderState leader = new AttentiveLeader(fake(LeaderState.class, null), followers);

    @Test
    void whoRefusesKeepsNoLease() {
        FollowerInfo follower = begin();
        assertThat(silence()).isEqualTo(DAY);

        answer(follower, AppendResult.NOT_LEADER);
        assertThat(silence()).as("it follows another").isEqualTo(DAY);

        answer(follower, AppendResult.SUCCESS);
        assertThat(silence()).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void whoMissesEntriesFollowsAllTheSame() {
        answer(begin(), AppendResult.INCONSISTENCY);
        assertThat(silence()).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void whatWasAnsweredInAnEarlierTermIsVoid() {
        FollowerInfo before = begin();
        answer(before, AppendResult.SUCCESS);
        begin();
        assertThat(silence()).isEqualTo(DAY);
        answer(before, AppendResult.SUCCESS);
        assertThat(silence()).as("late").isEqualTo(DAY);
    }

    private Duration silence() {
        return followers.majoritySilence(SELF, VOTERS);
    }

    private FollowerInfo begin() {
        FollowerInfo follower = fake(FollowerInfo.class, null);
        followers.appendingTo(follower);
        return follower;
    }

    private void answer(FollowerInfo follower, AppendResult result) {
        leader.onAppendEntriesReply(
                fake(LogAppender.class, follower),
                AppendEntriesReplyProto.newBuilder().setResult(result).build());
    }

    private static RaftPeer peer(String id) {
        return RaftPeer.newBuilder().setId(id).build();
    }

    /** One that knows of the other voter, which has answered just now, and does nothing. */
    private static <T> T fake(Class<T> type, FollowerInfo follower) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> switch (method.getName()) {
                    case "getId" -> OTHER;
                    case "getLastRespondedAppendEntriesSendTime" -> Timestamp.currentTime();
                    case "getFollower" -> follower;
                    case "equals" -> self == arguments[0];
                    case "hashCode" -> System.identityHashCode(self);
                    default -> null;
                }));
    }
}
