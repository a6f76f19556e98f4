package io.ringrift.agent.consensus.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VoterChangeTest {
    private static final PeerId A = new PeerId("a", "1");
    private static final PeerId B = new PeerId("b", "1");
    private static final PeerId C = new PeerId("c", "1");
    private static final PeerId C_AGAIN = new PeerId("c", "2");
    private static final PeerId D = new PeerId("d", "1");
    private static final List<String> ABC = List.of("a", "b", "c");

    @Test
    void wantsNothingWhereTheVotersAreTheWantedOnes() {
        assertThat(next(group(A, B, C), ABC, A, B, C)).isEmpty();
    }

    @Test
    void aNewcomerBecomesAVoterWithoutBeingAListenerFirst() {
        assertThat(next(group(A, B), ABC, A, B, C)).contains(change(List.of(A, B), A, B, C));
    }

    @Test
    void oneWhoseDiskWasLostIsExchangedInOneStep() {
        assertThat(next(group(A, B, C), ABC, A, B, C_AGAIN)).contains(change(List.of(A, B, C), A, B, C_AGAIN));
    }

    @Test
    void whoIsNotThereIsWaitedFor() {
        assertThat(next(group(A, B), ABC, A, B)).isEmpty();
    }

    @Test
    void whoIsNotWantedGoesLastAndWhileTheOthersAreWell() {
        List<String> wanted = List.of("a", "b", "d");
        assertThat(next(group(A, B, C), wanted, A, B, C, D)).contains(change(List.of(A, B, C), A, B, C, D));
        assertThat(next(group(A, B, C, D), wanted, A, B, C, D)).contains(change(List.of(A, B, C, D), A, B, D));
        assertThat(next(group(A, B, C, D).withFollowers(Map.of()), wanted, A, B, C, D))
                .isEmpty();
    }

    /** A group that an earlier version left in the middle of a change. */
    @Test
    void aListenerGoesBeforeAnythingElseAndComesBackAsAVoter() {
        RaftReport left = group(A, B, C).withListeners(List.of(C_AGAIN));
        assertThat(next(left, ABC, A, B, C_AGAIN)).contains(change(List.of(A, B, C), A, B, C));
    }

    private static Optional<RaftOrder.Reconfigure> next(RaftReport report, List<String> wanted, PeerId... present) {
        return VoterChange.next(
                A, report, wanted, Stream.of(present).collect(Collectors.toMap(PeerId::nodeId, Function.identity())));
    }

    private static RaftOrder.Reconfigure change(List<PeerId> from, PeerId... to) {
        return new RaftOrder.Reconfigure(from, List.of(to));
    }

    /** As its leader reports it: every follower is well. */
    private static RaftReport group(PeerId... voters) {
        Map<PeerId, RaftReport.Progress> followers = Stream.of(voters)
                .filter(voter -> !voter.equals(A))
                .collect(Collectors.toMap(Function.identity(), voter -> new RaftReport.Progress(0, Duration.ZERO)));
        return new RaftReport(
                Optional.empty(),
                RaftReport.State.RUNNING,
                Optional.empty(),
                RaftRole.LEADER,
                1,
                Optional.of("a"),
                true,
                Duration.ofSeconds(1),
                0,
                Optional.empty(),
                OptionalLong.of(1),
                OptionalLong.of(1),
                List.of(voters),
                List.of(),
                followers);
    }
}
